import DOMPurify, { type Config } from 'dompurify'
import { policy } from './trust'

const config: Config = {
  ALLOWED_TAGS: [
    'p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'hr', 'span',
    'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td',
  ],
  ALLOWED_ATTR: ['href', 'class', 'start'],
  // Not an address, so it need not look like one.
  ADD_URI_SAFE_ATTR: ['start'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ...(policy && { TRUSTED_TYPES_POLICY: policy as unknown as NonNullable<Config['TRUSTED_TYPES_POLICY']> }),
}

// Only what the renderer itself writes; a class could otherwise borrow the
// looks of a button of ours.
const ownClass = /^(?:hljs(?:-[a-z_-]+)?|language-[\w+#.-]{1,40}|[a-z]+_)$/

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  for (const name of Array.from(node.classList)) if (!ownClass.test(name)) node.classList.remove(name)
  if (node.tagName !== 'A') return
  node.setAttribute('target', '_blank')
  node.setAttribute('rel', 'noopener noreferrer nofollow')
})

/** Leaves of `html` what a message may hold. */
export function purify(html: string): string {
  return DOMPurify.sanitize(html, config) as unknown as string
}
