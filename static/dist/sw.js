// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-f0749db0971d'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-D00J0iAL.js",
  "/assets/AdminAudit-BpZajmDy.js",
  "/assets/AdminClasses-QdbGHTuW.js",
  "/assets/AdminFigures-C7_bblgu.js",
  "/assets/AdminReports-BWFu9F5j.js",
  "/assets/AdminTokens-Cl0la_Ii.js",
  "/assets/AdminUsers-BB77g2yO.js",
  "/assets/AdminView-B9T3baHY.js",
  "/assets/ChatView-DWLiYtnm.js",
  "/assets/ComposerFiles-FPFIYc1t.js",
  "/assets/CreateClassDialog-EttjCfhz.js",
  "/assets/DetailsPanel-CIWi3D1t.js",
  "/assets/EmojiPicker-CZzgiSaY.js",
  "/assets/FactorView-C92DEnl2.js",
  "/assets/JoinView-BX9StvfI.js",
  "/assets/KeysDialog-Bq3DWhcC.js",
  "/assets/ManageAbout-BP_VviiE.js",
  "/assets/ManageClassView-4u2j85m-.js",
  "/assets/ManageCodes-B6XG7e6D.js",
  "/assets/ManageMembers-C8e3Dj3i.js",
  "/assets/ManageReports-Fq8BzLh0.js",
  "/assets/MessageEditor--Khjkv16.js",
  "/assets/NameDialog-CjH7ziXO.js",
  "/assets/NotFoundView-Cza4R32U.js",
  "/assets/NoticeBar-BZn1OtXb.js",
  "/assets/NoticesPanel-D-nmMLsQ.js",
  "/assets/PaletteDialog-BLdG0h2l.js",
  "/assets/PasswordDialog-D4kK1OvB.js",
  "/assets/PictureDialog-CROo3IjV.js",
  "/assets/ProfileSettings-Bz5KT-U5.js",
  "/assets/ReportDialog-Bx1TixD7.js",
  "/assets/SessionSettings-CwsI8fy8.js",
  "/assets/SetUpView-TzpvAe_i.js",
  "/assets/SettingsView-D0wogvxs.js",
  "/assets/SignInView-bMBdYabR.js",
  "/assets/TokenSettings-Do3V6Lsv.js",
  "/assets/VersionsDialog-wx3WP3uQ.js",
  "/assets/en-CQFw_Ijr.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-onLFagAq.js",
  "/assets/markdown-BW8-Q19Z.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-0s3kqlxC.js",
  "/assets/shared-1EEctN-o.js",
  "/assets/shared-72V6OnqV.js",
  "/assets/shared-BLKagnp2.js",
  "/assets/shared-BLNu28ty.js",
  "/assets/shared-Brh5aGtF.js",
  "/assets/shared-C3xUMDHN.js",
  "/assets/shared-CfqdOEiy.js",
  "/assets/shared-Czy-ss2z.js",
  "/assets/shared-DDVr3zs-.js",
  "/assets/shared-EJG2vCDG.js",
  "/assets/shared-L5w52rNS.js",
  "/assets/shared-bxaiBDiG.js",
  "/assets/style-BfsJq6Od.css",
  "/assets/zh-CN-1VR3Al0P.js"
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
