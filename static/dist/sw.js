// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-b2e0a3ced1b5'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BxfRwfvw.js",
  "/assets/AdminAudit-BkejV5nY.js",
  "/assets/AdminClasses-BrO88VI4.js",
  "/assets/AdminFigures-wSoYQDRB.js",
  "/assets/AdminReports-Dyf6n8vM.js",
  "/assets/AdminTokens-DuL5rDDC.js",
  "/assets/AdminUsers-BaK1ZYp7.js",
  "/assets/AdminView-CiYGrQIm.js",
  "/assets/ChatView-CPNJOvNl.js",
  "/assets/ComposerFiles-Y44Xie9v.js",
  "/assets/CreateClassDialog-Dfl-D8wU.js",
  "/assets/DetailsPanel-3SdcxmZ1.js",
  "/assets/EmojiPicker-DaMq7VZw.js",
  "/assets/FactorView-BD4OMYj1.js",
  "/assets/JoinView-B4b5l-MH.js",
  "/assets/KeysDialog-DiReBxvH.js",
  "/assets/ManageAbout-DeQbIaMa.js",
  "/assets/ManageClassView-DzbYa9TO.js",
  "/assets/ManageCodes-Bi65a3Ts.js",
  "/assets/ManageMembers-BA8NXxiW.js",
  "/assets/ManageReports-CWBb2aQy.js",
  "/assets/MessageEditor-BSsI8-0B.js",
  "/assets/NameDialog-5VjGlZbt.js",
  "/assets/NotFoundView-BKqxdOPf.js",
  "/assets/NoticeBar-D9Ka6JF8.js",
  "/assets/NoticesPanel-DhacEeDM.js",
  "/assets/PaletteDialog-BJEiMx4y.js",
  "/assets/PasswordDialog-BU2i1GFW.js",
  "/assets/PictureDialog-EHGaMLwO.js",
  "/assets/ProfileSettings-y2yAq-lH.js",
  "/assets/ReportDialog-ev3LzL24.js",
  "/assets/SessionSettings-yHoxOo_A.js",
  "/assets/SetUpView-CQaesHYu.js",
  "/assets/SettingsView-pT6c30mV.js",
  "/assets/SignInView-DE-lBnEX.js",
  "/assets/TokenSettings-mD8p-vvH.js",
  "/assets/VersionsDialog-Bb7mvize.js",
  "/assets/en-B2vX1WC1.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-5A2n53Z-.js",
  "/assets/markdown-BR6QKFCF.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BacwUmup.js",
  "/assets/shared-BhDiA_rJ.js",
  "/assets/shared-Bq6M9XIR.js",
  "/assets/shared-CBm-PLoc.js",
  "/assets/shared-CJXxS-Q3.js",
  "/assets/shared-C_SlAHAA.js",
  "/assets/shared-Ch67ESL1.js",
  "/assets/shared-DG1NElCq.js",
  "/assets/shared-Dv2-2NQc.js",
  "/assets/shared-E1MJOLOz.js",
  "/assets/shared-T9XT4OD8.js",
  "/assets/shared-Ynma-JlJ.js",
  "/assets/shared-q1HxurLq.js",
  "/assets/style-XL8Es_ET.css",
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
