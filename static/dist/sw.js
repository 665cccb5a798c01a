// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-3bacbb5e129e'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Dbg1sFK6.js",
  "/assets/AdminAudit-C86rWWTn.js",
  "/assets/AdminClasses-CAgFnlJb.js",
  "/assets/AdminFigures-Cz2D6Zq_.js",
  "/assets/AdminReports-DM2S_r8Q.js",
  "/assets/AdminTokens-duinnXcW.js",
  "/assets/AdminUsers-CLkSIp1N.js",
  "/assets/AdminView-DmZ_9Tn5.js",
  "/assets/ChatView-c8RuHhhh.js",
  "/assets/ComposerFiles-B_CRm_bw.js",
  "/assets/CreateClassDialog-k6dTTWCJ.js",
  "/assets/DetailsPanel-DTW7sBNg.js",
  "/assets/EmojiPicker-B88M33Ql.js",
  "/assets/FactorView-DSET-tAk.js",
  "/assets/JoinView-BjtRkoRG.js",
  "/assets/KeysDialog-DzCNMmo2.js",
  "/assets/ManageAbout-DnoFR62r.js",
  "/assets/ManageClassView-C3A-rOeC.js",
  "/assets/ManageCodes-kchrJ_aY.js",
  "/assets/ManageMembers-BDIMCI0l.js",
  "/assets/ManageReports-yd4BJyLz.js",
  "/assets/MessageEditor-CkatFS72.js",
  "/assets/NameDialog-DbnDepiz.js",
  "/assets/NotFoundView-B9ytL7NW.js",
  "/assets/NoticeBar-CqX2aSpU.js",
  "/assets/NoticesPanel-ByOAAEbB.js",
  "/assets/PaletteDialog-D-fy43PJ.js",
  "/assets/PasswordDialog-C8V7SV8y.js",
  "/assets/PictureDialog-kYAoEfrt.js",
  "/assets/ProfileSettings-D3gA9BBM.js",
  "/assets/ReportDialog-DntGlrOR.js",
  "/assets/SessionSettings-DjSChhdm.js",
  "/assets/SetUpView-DUnDs9l2.js",
  "/assets/SettingsView-BHOH4-mN.js",
  "/assets/SignInView-CLlGvKrO.js",
  "/assets/TokenSettings-CnIgYt1q.js",
  "/assets/VersionsDialog-BhgIHycX.js",
  "/assets/en-CQFw_Ijr.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-Cp6oXHaO.js",
  "/assets/markdown-DQCei6cD.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-7xnTqLSR.js",
  "/assets/shared-B1Fv0utC.js",
  "/assets/shared-BCOsQT7V.js",
  "/assets/shared-BZgpOTIs.js",
  "/assets/shared-Ce302qkX.js",
  "/assets/shared-CefT1olJ.js",
  "/assets/shared-Cx2JMIk3.js",
  "/assets/shared-CxXAUCoE.js",
  "/assets/shared-DHw2aVOd.js",
  "/assets/shared-DkWQPI7N.js",
  "/assets/shared-TqdTd2Er.js",
  "/assets/shared-hR_jMpbm.js",
  "/assets/style-DBToEUnr.css",
  "/assets/zh-CN-vlryMiG_.js"
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
