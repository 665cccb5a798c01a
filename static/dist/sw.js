// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-750650045a8d'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-PjLJH2SW.js",
  "/assets/AdminAudit-CjJ7vW34.js",
  "/assets/AdminClasses-DSj0H3Hz.js",
  "/assets/AdminFigures-D5p3vS5w.js",
  "/assets/AdminReports-Bj6lvpc_.js",
  "/assets/AdminTokens-BMjIlc3C.js",
  "/assets/AdminUsers-Bb0g_seb.js",
  "/assets/AdminView-COHu9ruc.js",
  "/assets/ChatView-CeR3XVa9.js",
  "/assets/CreateClassDialog-CGxjVVKe.js",
  "/assets/EmojiPicker-Cd6p9hbA.js",
  "/assets/FactorView-BCg65DJP.js",
  "/assets/JoinView-ydtqFAQ-.js",
  "/assets/KeysDialog-DbPTmAA8.js",
  "/assets/ManageAbout-BZzh0yFD.js",
  "/assets/ManageClassView-D3gWrKht.js",
  "/assets/ManageCodes-PnNgfwOd.js",
  "/assets/ManageMembers-dq9Sy5pZ.js",
  "/assets/ManageReports-BvEJc5hd.js",
  "/assets/NameDialog-DMNlN4A5.js",
  "/assets/NotFoundView-fcYEWOkR.js",
  "/assets/NoticesPanel-CS7oRFag.js",
  "/assets/PaletteDialog-tcL8lJDC.js",
  "/assets/PasswordDialog-DUybFXVA.js",
  "/assets/ProfileSettings-DQ5MTF0m.js",
  "/assets/ReportDialog-BprUPqIi.js",
  "/assets/SessionSettings-C3XlTDBn.js",
  "/assets/SetUpView-BLIvRD_6.js",
  "/assets/SettingsView-CeJGYgtn.js",
  "/assets/SignInView-DATq4Zq6.js",
  "/assets/TokenSettings-SrmrU71H.js",
  "/assets/VersionsDialog-CotB24F8.js",
  "/assets/en-ibS5Zusk.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-DYPIct58.js",
  "/assets/markdown-C7Gc2sTN.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-9TvyTcs1.js",
  "/assets/shared-BAHyEjG1.js",
  "/assets/shared-BHh50c1l.js",
  "/assets/shared-Ba-eqlFd.js",
  "/assets/shared-CIRPZPSC.js",
  "/assets/shared-CMF46fIf.js",
  "/assets/shared-Cey81lNp.js",
  "/assets/shared-CoBQDrff.js",
  "/assets/shared-CsihD8Tk.js",
  "/assets/shared-DWAovSVi.js",
  "/assets/shared-DWt0BkP7.js",
  "/assets/shared-Dm7MLwiU.js",
  "/assets/shared-DvhmZwzv.js",
  "/assets/style-CpyLW57l.css",
  "/assets/zh-CN-DdQYihke.js"
]

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName)
      await cache.addAll(files.map((file) => new Request(file, { cache: file === '/' ? 'reload' : 'default' })))
      await self.skipWaiting()
    })(),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys()
      await Promise.all(names.filter((name) => name.startsWith('homeroom-') && name !== cacheName).map((name) => caches.delete(name)))
      await self.clients.claim()
    })(),
  )
})

async function page(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const cache = await caches.open(cacheName)
    const kept = await cache.match('/')
    if (kept) return kept
    throw error
  }
}

async function asset(request) {
  const cache = await caches.open(cacheName)
  return (await cache.match(request)) ?? fetch(request)
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
  else if (request.mode === 'navigate' && !/^\/(?:api|ws|wss)(?:\/|$)/.test(url.pathname)) event.respondWith(page(request))
})
