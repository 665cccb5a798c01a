// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-cb302defda5d'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CcP63nCR.js",
  "/assets/AdminAudit-DZxc2pKc.js",
  "/assets/AdminClasses-cM0gR-OJ.js",
  "/assets/AdminFigures-lMNaJQyL.js",
  "/assets/AdminReports-tows2qP0.js",
  "/assets/AdminTokens-FP5nArci.js",
  "/assets/AdminUsers-BUm5_PVn.js",
  "/assets/AdminView-YPH7P76u.js",
  "/assets/ChatView-DQWpPAda.js",
  "/assets/CreateClassDialog-BxYJTb6x.js",
  "/assets/EmojiPicker-B1hKbJxQ.js",
  "/assets/FactorView-DGXqjQP1.js",
  "/assets/JoinView-CANtKnqU.js",
  "/assets/KeysDialog-GVL1TxWD.js",
  "/assets/ManageAbout-BR_5H0qo.js",
  "/assets/ManageClassView-2Jk0NAdz.js",
  "/assets/ManageCodes-D6sE-5AJ.js",
  "/assets/ManageMembers-BaefGdB8.js",
  "/assets/ManageReports-Wj9Wuq0K.js",
  "/assets/NameDialog-iA8_QHry.js",
  "/assets/NotFoundView-B76bmHV9.js",
  "/assets/NoticesPanel-2lz9e8A1.js",
  "/assets/PaletteDialog-n4z48Myl.js",
  "/assets/PasswordDialog-DDzU84iK.js",
  "/assets/ProfileSettings-sVsBaK2q.js",
  "/assets/ReportDialog-D_yr7OWt.js",
  "/assets/SessionSettings-cf79l4U7.js",
  "/assets/SetUpView-CChLsHfM.js",
  "/assets/SettingsView-By0NAGFu.js",
  "/assets/SignInView-1PUXz5LJ.js",
  "/assets/TokenSettings-UL4z7lgj.js",
  "/assets/VersionsDialog-JjlEjEiA.js",
  "/assets/en-ibS5Zusk.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-D9BE6Cdv.js",
  "/assets/markdown-dIsqfc39.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BVwV54lP.js",
  "/assets/shared-BrpvrqAX.js",
  "/assets/shared-BsVC4C6F.js",
  "/assets/shared-BtZqdokK.js",
  "/assets/shared-CAWm3oFl.js",
  "/assets/shared-CWcoYxVC.js",
  "/assets/shared-Cl5pNe8n.js",
  "/assets/shared-DdmWEiui.js",
  "/assets/shared-Dl3OSPru.js",
  "/assets/shared-DwfIOk8l.js",
  "/assets/shared-DzAANB9t.js",
  "/assets/shared-gJ-ldBAD.js",
  "/assets/shared-uZbUJjhD.js",
  "/assets/style-B3ZqohB5.css",
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
