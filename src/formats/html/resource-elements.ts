// What elements of HTML and SVG load from elsewhere (HTML Standard §4, SVG 2 §16), by their attributes.

/** Element → what its attributes load. */
export const resourceOf: Record<string, [kind: string, attribute: string][]> = {
  script: [['script', 'src']],
  img: [['image', 'src']],
  source: [['media', 'src']],
  video: [
    ['media', 'src'],
    ['image', 'poster'],
  ],
  audio: [['media', 'src']],
  track: [['track', 'src']],
  iframe: [['frame', 'src']],
  frame: [['frame', 'src']],
  embed: [['object', 'src']],
  object: [['object', 'data']],
  input: [['image', 'src']],
  // SVG: pictures, and parts of other drawings.
  image: [
    ['image', 'href'],
    ['image', 'xlink:href'],
  ],
  use: [
    ['object', 'href'],
    ['object', 'xlink:href'],
  ],
}

/** `rel` of a `<link>` → what it loads. */
export const linkKinds: Record<string, string> = {
  stylesheet: 'stylesheet',
  icon: 'icon',
  'shortcut icon': 'icon',
  'apple-touch-icon': 'icon',
  manifest: 'manifest',
  preload: 'preload',
  modulepreload: 'script',
  prefetch: 'prefetch',
}
