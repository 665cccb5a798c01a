// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-4ccc2dc5fb97'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BwvrjiKa.js",
  "/assets/AdminAudit-BoNpF3AH.js",
  "/assets/AdminClasses-CDx_dp0G.js",
  "/assets/AdminFigures-DH_cgyj2.js",
  "/assets/AdminReports-Ci7-C0tL.js",
  "/assets/AdminTokens-44iWeAQK.js",
  "/assets/AdminUsers-CY3ZXj3o.js",
  "/assets/AdminView-B8Bl1g-A.js",
  "/assets/ChatView-Bxs0kqMN.js",
  "/assets/ComposerFiles-SVuQf9qV.js",
  "/assets/CreateClassDialog-D2luId1s.js",
  "/assets/DetailsPanel-Cg1prqGt.js",
  "/assets/EmojiPicker-CRK5cHnr.js",
  "/assets/FactorView-C5ck7Byl.js",
  "/assets/JoinView-CX5zst2m.js",
  "/assets/KeysDialog-B0asOacO.js",
  "/assets/ManageAbout-CkY9RUZF.js",
  "/assets/ManageClassView-D69i6qCK.js",
  "/assets/ManageCodes-CXrgJ2kV.js",
  "/assets/ManageMembers-Cco3qecz.js",
  "/assets/ManageReports-CGUGckCX.js",
  "/assets/MessageEditor-pQYz8UIJ.js",
  "/assets/NameDialog-CA33z3KK.js",
  "/assets/NotFoundView-BRsVUt60.js",
  "/assets/NoticeBar-C9J0It3R.js",
  "/assets/NoticesPanel-CreM9c7u.js",
  "/assets/PaletteDialog-BeRgFIOt.js",
  "/assets/PasswordDialog-CjB31fhK.js",
  "/assets/PictureDialog-C2FXQqbp.js",
  "/assets/ProfileSettings-yKwGoopt.js",
  "/assets/ReportDialog-BRxX78bM.js",
  "/assets/SessionSettings-HiibUra2.js",
  "/assets/SetUpView-Cv1SlqvP.js",
  "/assets/SettingsView-Dynjhu3A.js",
  "/assets/SignInView-CHg6WwjS.js",
  "/assets/TokenSettings-D3v5Hd5P.js",
  "/assets/VersionsDialog-CduD0OZw.js",
  "/assets/en-gwa9mdhA.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-Cis9L_c_.js",
  "/assets/markdown-CRs8Vaj5.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-B1zj4K0z.js",
  "/assets/shared-BBSf0cwF.js",
  "/assets/shared-BWmlmJEW.js",
  "/assets/shared-B_j0FVw4.js",
  "/assets/shared-BdV9jvLy.js",
  "/assets/shared-CFL34atN.js",
  "/assets/shared-C_b01TRd.js",
  "/assets/shared-D6EN01JP.js",
  "/assets/shared-DL1dwvT7.js",
  "/assets/shared-DTcqhKCs.js",
  "/assets/shared-Djzo4efh.js",
  "/assets/shared-SlropW9j.js",
  "/assets/shared-q70j2ob7.js",
  "/assets/style-EptSH1uL.css",
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
