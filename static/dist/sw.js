// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-79efba0d8c16'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-C5crfKr1.js",
  "/assets/AdminAudit-o8L0BTUh.js",
  "/assets/AdminClasses-5ABo8ohT.js",
  "/assets/AdminFigures-DfOADkxg.js",
  "/assets/AdminReports-ByHxcWgi.js",
  "/assets/AdminTokens-C5rWgXPd.js",
  "/assets/AdminUsers-Bd60eXQ5.js",
  "/assets/AdminView-DsK4bI1C.js",
  "/assets/ChatView-BeE2N6UO.js",
  "/assets/ComposerFiles-DqoYLJDg.js",
  "/assets/CreateClassDialog-BD4dlLSx.js",
  "/assets/DetailsPanel-g6XslCW9.js",
  "/assets/EmojiPicker-BCIoWppN.js",
  "/assets/FactorView-BC2c0YUT.js",
  "/assets/JoinView-CcUAf_Um.js",
  "/assets/KeysDialog-4nQjyR9X.js",
  "/assets/ManageAbout-BaHL6_1I.js",
  "/assets/ManageClassView-DhTQdAdk.js",
  "/assets/ManageCodes-XoPTsaHU.js",
  "/assets/ManageMembers-p6ssDnho.js",
  "/assets/ManageReports-CjRKvQpN.js",
  "/assets/MessageEditor-CnROTiIb.js",
  "/assets/NameDialog-CPRFM2xL.js",
  "/assets/NotFoundView-CyxM-0kk.js",
  "/assets/NoticeBar-CJPjS2Ld.js",
  "/assets/NoticesPanel-CyNVrv5C.js",
  "/assets/PaletteDialog-B-0aRm4-.js",
  "/assets/PasswordDialog-DhEZDLBU.js",
  "/assets/PictureDialog-fgIAGXKN.js",
  "/assets/ProfileSettings-Bz6shn3K.js",
  "/assets/ReportDialog-BRnkSZ20.js",
  "/assets/SessionSettings-BCHKfYjN.js",
  "/assets/SetUpView-CiUSEVCS.js",
  "/assets/SettingsView-CMB2bEDC.js",
  "/assets/SignInView-DF2QIGlF.js",
  "/assets/TokenSettings-DxTCH9o1.js",
  "/assets/VersionsDialog-nQtW1Ch0.js",
  "/assets/en-DsKeAT8K.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-_yd_94iW.js",
  "/assets/markdown-D2J7Gtko.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-1z-BOgh7.js",
  "/assets/shared-9VmEl8tc.js",
  "/assets/shared-B6x2YklP.js",
  "/assets/shared-BA16tRR5.js",
  "/assets/shared-Ber56GKN.js",
  "/assets/shared-BjhO1I20.js",
  "/assets/shared-Bm59E1Kq.js",
  "/assets/shared-BvzlJITD.js",
  "/assets/shared-C6B-2p3i.js",
  "/assets/shared-CyOhGAuP.js",
  "/assets/shared-DG7g41KK.js",
  "/assets/shared-DSqWhA8K.js",
  "/assets/shared-DXh2b8RZ.js",
  "/assets/shared-DnoznCay.js",
  "/assets/shared-Drk_F5LR.js",
  "/assets/shared-DuL2obCs.js",
  "/assets/shared-KsxRLKP1.js",
  "/assets/shared-gcvk0L0b.js",
  "/assets/style-CIhueyzu.css",
  "/assets/zh-CN-De1pBala.js"
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
