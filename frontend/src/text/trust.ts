interface Policy {
  createHTML(html: string): unknown
  createScriptURL(url: string): unknown
}

interface Factory {
  createPolicy(name: string, rules: { createHTML(html: string): string; createScriptURL(url: string): string }): Policy
}

const worker = '/sw.js'

// The content security policy allows two policies of trusted types: Vue's and
// this one. DOMPurify would make its own under the same name; ours also lets
// the page name its own service worker, and nothing else.
export const policy = (window as { trustedTypes?: Factory }).trustedTypes?.createPolicy('dompurify', {
  createHTML: (html) => html,
  createScriptURL(url) {
    if (url !== worker) throw new TypeError('not a script of ours')
    return url
  },
})

/** The address of our own service worker, in the form that the browser asks for. */
export function workerAddress(): string {
  return (policy ? policy.createScriptURL(worker) : worker) as string
}
