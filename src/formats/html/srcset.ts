// The addresses of a srcset attribute (HTML §4.8.4.2.1).

/** Candidates of `srcset` (HTML Standard §4.8.4.2.1): the URLs. A URL ends at a blank, its descriptors at a comma. */
export const srcsetUrls = (value: string): string[] => {
  const urls: string[] = []
  let inDescriptors = false
  for (const word of value.split(/\s+/)) {
    const rest = inDescriptors ? word.slice(word.indexOf(',') + 1 || word.length) : word
    inDescriptors &&= !word.includes(',')
    const url = rest.replace(/^,+/, '')
    if (url === '') continue
    const bare = url.replace(/(?<!,),+$/, '')
    urls.push(bare)
    inDescriptors = bare === url
  }
  return urls
}
