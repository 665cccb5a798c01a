// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-203c884fe0e7'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Ce2XL9QL.js",
  "/assets/AdminAudit-DBjH5Ir1.js",
  "/assets/AdminClasses-DnF4ZEiL.js",
  "/assets/AdminFigures-Clhbenn3.js",
  "/assets/AdminReports-Bq0sIFaO.js",
  "/assets/AdminTokens-kxa4s7Cy.js",
  "/assets/AdminUsers-DHCYmQGg.js",
  "/assets/AdminView-C06_s7i4.js",
  "/assets/ChatView-B9LkXSmg.js",
  "/assets/ComposerFiles-CHoDVFZv.js",
  "/assets/CreateClassDialog-BLFsONhc.js",
  "/assets/DetailsPanel-Bz-2JC7s.js",
  "/assets/EmojiPicker-CMMloAgK.js",
  "/assets/FactorView-DVk_LsR9.js",
  "/assets/JoinView-DbXOKlQ4.js",
  "/assets/KeysDialog-BLl21-l8.js",
  "/assets/ManageAbout-DxZ3E0X_.js",
  "/assets/ManageClassView-B-gqLJKV.js",
  "/assets/ManageCodes-DfIFvh38.js",
  "/assets/ManageMembers-C1dmOfDs.js",
  "/assets/ManageReports-DF8Hbr3C.js",
  "/assets/MessageEditor-B0hwAYJB.js",
  "/assets/NameDialog-B_SEoCLx.js",
  "/assets/NotFoundView-CNxoB3Na.js",
  "/assets/NoticeBar-DGOYcX1k.js",
  "/assets/NoticesPanel-CcoBLrhD.js",
  "/assets/PaletteDialog-DCISf6bU.js",
  "/assets/PasswordDialog-DAg9GKM_.js",
  "/assets/PictureDialog-AUqltQqs.js",
  "/assets/ProfileSettings-DJXX-Z_y.js",
  "/assets/ReportDialog-C6bmrGiI.js",
  "/assets/SessionSettings-DnuPynpW.js",
  "/assets/SetUpView-BnlQVIvj.js",
  "/assets/SettingsView-BPpgymMw.js",
  "/assets/SignInView-wUnWnpN6.js",
  "/assets/TokenSettings-DuCU_yY9.js",
  "/assets/VersionsDialog-Cx2wyk1n.js",
  "/assets/en-gwa9mdhA.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CktzA1Rv.js",
  "/assets/markdown-C9BOJaiP.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BURu9v4t.js",
  "/assets/shared-BZOWGx6V.js",
  "/assets/shared-BfhGH2rQ.js",
  "/assets/shared-BglVRopc.js",
  "/assets/shared-BiaLEWVs.js",
  "/assets/shared-CBR_e7uO.js",
  "/assets/shared-CKBZJAXQ.js",
  "/assets/shared-CPzt7xz6.js",
  "/assets/shared-D06bw_Xn.js",
  "/assets/shared-DEKlC4zG.js",
  "/assets/shared-DujrVJX8.js",
  "/assets/shared-QcrR3S2A.js",
  "/assets/shared-YebPx33U.js",
  "/assets/style-B4fKy0O1.css",
  "/assets/zh-CN-DTWv0MtT.js"
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
