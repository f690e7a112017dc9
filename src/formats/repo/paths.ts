// Paths of a repository: relative to its root, with forward slashes.

/** The folder of a path; empty at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** The last part of a path. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** A path within a folder; the root is the empty folder. */
export const within = (folder: string, path: string): string => (folder ? `${folder}/${path}` : path)

/** Whether a file holds JavaScript or TypeScript, by its name. */
export const isJavaScript = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path)
