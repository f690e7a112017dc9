// Where the head of a page ends, whether or not its tags are written (HTML Standard §13.2.6.4.4, §13.2.6.4.6).

const headElements = new Set(
  'html head base basefont bgsound link meta title script style template noscript noframes'.split(' '),
)

/** Whether an element, outside of others that stand in a head, begins the body. */
export const beginsBody = (name: string): boolean => !headElements.has(name)

/** Whether text, outside of elements that stand in a head, begins the body. */
export const isBodyText = (data: string): boolean => /\S/.test(data)
