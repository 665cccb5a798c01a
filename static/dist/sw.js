// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-3d9c23487f63'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CeQLNWJu.js",
  "/assets/AdminAudit-CRZl4ClD.js",
  "/assets/AdminClasses-DtVo0SJv.js",
  "/assets/AdminFigures-DDjSqKTY.js",
  "/assets/AdminReports-CV1eSchP.js",
  "/assets/AdminTokens-5weQ48GZ.js",
  "/assets/AdminUsers-AbJ7fUj-.js",
  "/assets/AdminView-YaVYVbG6.js",
  "/assets/ChatView-xaiUvSdj.js",
  "/assets/ComposerFiles-D4Oq24JC.js",
  "/assets/CreateClassDialog-NY32OuaS.js",
  "/assets/DetailsPanel-DQlsxSsX.js",
  "/assets/EmojiPicker-DShllALx.js",
  "/assets/FactorView-5GCkZ9U3.js",
  "/assets/JoinView-CzopAYtH.js",
  "/assets/KeysDialog-BWgAQ4GS.js",
  "/assets/ManageAbout-Bxh9tHXc.js",
  "/assets/ManageClassView-RToyRNA6.js",
  "/assets/ManageCodes-Dlxa_4KZ.js",
  "/assets/ManageMembers-BQvuhPTb.js",
  "/assets/ManageReports-_Kzaym7d.js",
  "/assets/MessageEditor-ChbpQqmy.js",
  "/assets/NameDialog-CiW8maer.js",
  "/assets/NotFoundView-OELjP7Bd.js",
  "/assets/NoticeBar-vU-aNZAJ.js",
  "/assets/NoticesPanel-wsJsZ6vg.js",
  "/assets/PaletteDialog-BDbbTihT.js",
  "/assets/PasswordDialog-Daa3iXSZ.js",
  "/assets/PictureDialog-z1VuNrab.js",
  "/assets/ProfileSettings-Dfwz4YpN.js",
  "/assets/ReportDialog-B-VRwmkL.js",
  "/assets/SessionSettings-YvXcJnHC.js",
  "/assets/SetUpView-B2lxn93x.js",
  "/assets/SettingsView-Dzir97RT.js",
  "/assets/SignInView-DFkOlPxI.js",
  "/assets/TokenSettings--fhbgdxh.js",
  "/assets/VersionsDialog-YlY0gpTk.js",
  "/assets/en-B2vX1WC1.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CH2R5aD7.js",
  "/assets/markdown-uJqBQt64.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-AsBl46p7.js",
  "/assets/shared-B7AKDnfX.js",
  "/assets/shared-BGlbIFxk.js",
  "/assets/shared-BNNZ_zc2.js",
  "/assets/shared-BRXYFQFT.js",
  "/assets/shared-BiYDG7x-.js",
  "/assets/shared-CT7NYryN.js",
  "/assets/shared-D1fvyCb9.js",
  "/assets/shared-DJb1gr2D.js",
  "/assets/shared-DesV5Sml.js",
  "/assets/shared-ZflUaEpM.js",
  "/assets/shared-ftnBFWvL.js",
  "/assets/shared-ulHm34fn.js",
  "/assets/style-DEp5tg2L.css",
  "/assets/zh-CN-BCNOXrAB.js"
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
