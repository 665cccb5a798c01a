import { workerAddress } from './text/trust'

const reloaded = 'homeroom.reloaded'
const steadyMs = 10_000

/** Lets the page open without a network. Browsers allow it over https and on localhost only. */
export function register(): void {
  if (import.meta.env.PROD && window.isSecureContext && 'serviceWorker' in navigator) {
    // Not being there is no fault: the page works without it.
    navigator.serviceWorker.register(workerAddress()).catch(() => {})
  }
}

/** A part of the page that the server no longer has: there is a newer page. Once for each that runs, lest it goes round. */
export function renewWhenOutdated(): void {
  setTimeout(() => sessionStorage.removeItem(reloaded), steadyMs)
  window.addEventListener('vite:preloadError', (event) => {
    if (!navigator.onLine || sessionStorage.getItem(reloaded)) return
    event.preventDefault()
    sessionStorage.setItem(reloaded, '1')
    location.reload()
  })
}
