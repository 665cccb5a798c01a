import { workerAddress } from './text/trust'

/** Lets the page open without a network. Browsers allow it over https and on localhost only. */
export function register(): void {
  if (import.meta.env.PROD && window.isSecureContext && 'serviceWorker' in navigator) {
    // Not being there is no fault: the page works without it.
    navigator.serviceWorker.register(workerAddress()).catch(() => {})
  }
}

/**
 * A part of the page that the server no longer has: there is a newer page. Once
 * for each build, which the address of its first script tells, lest it goes round.
 */
export function renewWhenOutdated(build: string): void {
  const key = `homeroom.reloaded.${build}`
  // Read at once: for who turns out to be signed out the storage is emptied.
  let reloaded = sessionStorage.getItem(key) !== null
  window.addEventListener('vite:preloadError', (event) => {
    if (!navigator.onLine || reloaded) return
    event.preventDefault()
    reloaded = true
    sessionStorage.setItem(key, '1')
    location.reload()
  })
}
