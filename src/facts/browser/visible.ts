// What people see of a page that a browser has drawn. Runs inside of the page, where it reads and changes nothing.

/**
 * The page as it stands, what is not shown marked as hidden: what styles hide, make transparent or as small as nothing, what lies beyond
 * the edges that nobody can scroll to, words in the colour that is behind them, and everything where one blank element covers the window.
 * What an animation with an end is about to show is shown.
 */
export const visibleHtml = `(() => {
  const root = document.documentElement, copy = root.cloneNode(true);
  const all = root.querySelectorAll('*'), twins = copy.querySelectorAll('*');
  const alpha = colour => { const parts = /rgba?\\(([^)]{1,80})\\)/.exec(colour); const list = parts ? parts[1].split(/[\\s,\\/]+/) : []; return list.length > 3 ? parseFloat(list[3]) : 1 };
  const ground = box => { const stack = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!stack.length) return null;
    for (const at of stack) { const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none' || /^(?:IMG|VIDEO|CANVAS|SVG|IFRAME|OBJECT)$/i.test(at.tagName)) return null;
      if (alpha(style.backgroundColor) > 0) return style.backgroundColor }
    return 'rgb(255, 255, 255)' };
  const hasWords = element => { for (const node of element.childNodes) if (node.nodeType === 3 && node.data.trim()) return true; return false };
  const moving = new Set();
  for (const each of document.getAnimations()) { const effect = each.effect;
    if (effect && effect.target && effect.getComputedTiming().endTime !== Infinity && effect.getKeyframes().some(frame => 'opacity' in frame || 'visibility' in frame)) moving.add(effect.target) }
  const isMoving = element => { for (let at = element; moving.size && at; at = at.parentElement) if (moving.has(at)) return true; return false };
  const hide = at => twins[at].setAttribute('hidden', '');
  for (let at = 0; at < all.length && at < 20000; at++) {
    const element = all[at], style = getComputedStyle(element);
    if (element.shadowRoot) twins[at].insertAdjacentHTML('beforeend', element.shadowRoot.innerHTML.slice(0, 200000));
    if (style.display === 'none' || ((style.visibility === 'hidden' || parseFloat(style.opacity) < 0.02) && !isMoving(element))) { hide(at); continue }
    if (!document.body || !document.body.contains(element) || element === document.body) continue;
    const box = element.getBoundingClientRect(), right = box.right + scrollX, bottom = box.bottom + scrollY;
    if (box.width > 0 && box.height > 0 && (right <= 0 || bottom <= 0)) { hide(at); continue }
    if (style.overflow !== 'visible' && (box.width < 2 || box.height < 2) && style.display !== 'inline' && style.display !== 'contents') { hide(at); continue }
    if (hasWords(element)) {
      if (parseFloat(style.fontSize) === 0 || alpha(style.color) < 0.02 || (style.color === ground(box) && style.textShadow === 'none' && style.webkitTextStrokeWidth === '0px' && style.webkitTextFillColor === style.color)) hide(at)
    }
  }
  const spots = [0.1, 0.5, 0.9].flatMap(x => [0.1, 0.5, 0.9].map(y => [x * innerWidth, y * innerHeight]));
  const [first, ...others] = spots.map(([x, y]) => document.elementFromPoint(x, y));
  if (first && first !== root && first !== document.body && others.every(other => other === first) && !first.children.length && !hasWords(first) &&
      !/^(?:CANVAS|IMG|VIDEO|IFRAME|FRAME|OBJECT|EMBED|SVG|INPUT|BUTTON|TEXTAREA)$/i.test(first.tagName)) {
    const style = getComputedStyle(first);
    if (style.position === 'fixed' && style.backgroundImage === 'none' && alpha(style.backgroundColor) > 0.95 && alpha(getComputedStyle(first, '::before').content === 'none' ? 'rgb(0,0,0)' : 'rgba(0,0,0,0)') === 1) copy.querySelector('body').setAttribute('hidden', '')
  }
  return copy.outerHTML.slice(0, 2000000) })()`
