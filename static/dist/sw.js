// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-1b4859fcb4b9'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CsipuAdM.js",
  "/assets/AdminAudit-DYcy4ngY.js",
  "/assets/AdminClasses-LoZj9OUS.js",
  "/assets/AdminFigures-BDUh7lm1.js",
  "/assets/AdminReports-C5WupyX6.js",
  "/assets/AdminTokens-C1_iZfAy.js",
  "/assets/AdminUsers-1ENUqdEq.js",
  "/assets/AdminView-CnwyYpFE.js",
  "/assets/ChatView-Bi383Sjj.js",
  "/assets/CreateClassDialog-Di_zeTXf.js",
  "/assets/EmojiPicker-ekT5IkSy.js",
  "/assets/FactorView-TQMfDmlO.js",
  "/assets/JoinView-COGJauLj.js",
  "/assets/KeysDialog-CodISphs.js",
  "/assets/ManageAbout-CZZlTavU.js",
  "/assets/ManageClassView-BM8A49Xk.js",
  "/assets/ManageCodes-CdjNND-G.js",
  "/assets/ManageMembers-BRCI2fZD.js",
  "/assets/ManageReports-CtEyBQwL.js",
  "/assets/NameDialog-Dtq96PQa.js",
  "/assets/NotFoundView-BrOBGT9n.js",
  "/assets/NoticesPanel-Bxk8wipv.js",
  "/assets/PaletteDialog-DUsE2KGy.js",
  "/assets/PasswordDialog-lEKtwJY-.js",
  "/assets/ProfileSettings-BuDLIFH7.js",
  "/assets/ReportDialog-C7WBbeJK.js",
  "/assets/SessionSettings-Dd4ZZsLC.js",
  "/assets/SetUpView-Bj92DQb6.js",
  "/assets/SettingsView-DBE9FHbv.js",
  "/assets/SignInView-CuEWTEvQ.js",
  "/assets/TokenSettings-Ds4sEG2r.js",
  "/assets/VersionsDialog-E2pB88n3.js",
  "/assets/en-ibS5Zusk.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-C02WrG0L.js",
  "/assets/markdown-B_EitGBK.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BFa-7QSe.js",
  "/assets/shared-B_g7DGA4.js",
  "/assets/shared-BqADTq4t.js",
  "/assets/shared-BzZgmXXQ.js",
  "/assets/shared-CrCkAmlW.js",
  "/assets/shared-CtdpVn0Y.js",
  "/assets/shared-D02rgUU8.js",
  "/assets/shared-D4j8gO6Q.js",
  "/assets/shared-DJf158Th.js",
  "/assets/shared-D_sI-2Pl.js",
  "/assets/shared-JMHrL6kc.js",
  "/assets/shared-fCAAinxL.js",
  "/assets/shared-ly-5PAIi.js",
  "/assets/style-CPMgmYI8.css",
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
