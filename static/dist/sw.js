// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-49862ed13e23'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Bm27iTOH.css",
  "/assets/ActionSheet-DKrYguuL.js",
  "/assets/AdminAudit-X8FYrl7e.css",
  "/assets/AdminAudit-Ywf2WSG5.js",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminClasses-wKfEWR6I.js",
  "/assets/AdminFigures-Bbyv7VOj.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminTokens-V7c1LrQK.js",
  "/assets/AdminUsers-7YFWHTLj.css",
  "/assets/AdminUsers-KGItiac3.js",
  "/assets/AdminView-BhHn2Tgj.js",
  "/assets/BaseAvatar-DkzeJVGb.js",
  "/assets/BaseAvatar-gHS_GWHE.css",
  "/assets/BaseButton-hCiFWU1m.js",
  "/assets/BaseButton-qgQ3EzYW.css",
  "/assets/BaseCheckbox-6kyWVbUk.css",
  "/assets/BaseCheckbox-DGsKPp_r.js",
  "/assets/BaseDialog-BGLLpQrC.css",
  "/assets/BaseDialog-CCUSGBNq.js",
  "/assets/BaseEmpty-5BAd8hj1.js",
  "/assets/BaseEmpty-BNIiowUf.css",
  "/assets/BaseField-BAqWnaTc.js",
  "/assets/BaseField-CE_uwIEw.css",
  "/assets/BaseMenu--NJqmB5d.js",
  "/assets/BaseMenu-C4TjvcWK.css",
  "/assets/BaseNotice-B1ctros2.js",
  "/assets/BaseNotice-PdCMtaHM.css",
  "/assets/BaseSelect-B-5bTrRR.css",
  "/assets/BaseSelect-Du_FdKGQ.js",
  "/assets/BaseSkeleton-0DrkH78Y.js",
  "/assets/BaseSkeleton-v7B4HN3u.css",
  "/assets/ChatView-Bon4DtlD.css",
  "/assets/ChatView-CQK5cHzS.js",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Dk_SKPH8.js",
  "/assets/ConfirmDialog-CV4CgqOe.js",
  "/assets/ConfirmDialog-DIwMeuNa.js",
  "/assets/CreateClassDialog-DqQwHxu2.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogClose-Bl-_f9Ap.js",
  "/assets/DialogTitle-DGhr1afF.js",
  "/assets/DoorFrame-C0HRpg_z.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-AFdYqg9h.js",
  "/assets/EmojiPicker-CSHg5rUh.css",
  "/assets/HuePicker-DWBx78kc.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/IconButton-CxLjZNmt.js",
  "/assets/JoinView-BZJtfXZ6.js",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/KeysDialog-Bm1UJamX.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-CTmwP0jI.js",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageAbout-zXlwwfc_.js",
  "/assets/ManageClassView-rOr7rTf1.js",
  "/assets/ManageCodes-BjxP_rUY.css",
  "/assets/ManageCodes-CDpGo8Ja.js",
  "/assets/ManageMembers-CdgfAyK-.js",
  "/assets/ManageMembers-D_hQE22N.css",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-DGVJVkdX.js",
  "/assets/NameDialog-C54v_99I.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NamesField-ClQPjugF.js",
  "/assets/NamesField-Two2BJbV.css",
  "/assets/NotFoundView--9GWxWZh.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-CC3lyxZr.js",
  "/assets/NoticeStack-B7BkiM90.js",
  "/assets/NoticeStack-Dhv1R0xW.css",
  "/assets/NoticesPanel-CJTU0L3Y.css",
  "/assets/NoticesPanel-DqnWQauz.js",
  "/assets/PageLoad-MrjIUJyq.js",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageSection-CBy0ICmt.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PaletteDialog-DJwqTpIk.js",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-Dd-GD-FS.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-BMmCgHEv.js",
  "/assets/ProfileSettings-B0MGO5RV.js",
  "/assets/ProfileSettings-CrQl7FTW.css",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/QuietChip-D99mzBsC.js",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-C0XasZvf.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-RN-49y2x.js",
  "/assets/SectionFrame-uidkVr2U.js",
  "/assets/SectionFrame-vUoyNg5b.css",
  "/assets/SegmentedChoice-Be97ZfuW.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SessionSettings-RFLx2Kmr.js",
  "/assets/SetUpView-DvJVqsTe.js",
  "/assets/SettingsView-CiQg3iIw.js",
  "/assets/SignInView-5v6LdtHA.js",
  "/assets/Teleport-DLqOe9yv.js",
  "/assets/TokenRow-BelWn-T_.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-DWMBbVwu.js",
  "/assets/TooltipProvider-CiOGo4Rp.js",
  "/assets/VersionsDialog-7bDfk3fg.css",
  "/assets/VersionsDialog-BP5d9r9l.js",
  "/assets/_plugin-vue_export-helper-BKg_Njf8.js",
  "/assets/account-OolXpvNC.js",
  "/assets/check-B8kKiD_n.js",
  "/assets/classes-BTatcxEh.js",
  "/assets/client-mfV4Y48C.js",
  "/assets/code-C1Vq61xb.js",
  "/assets/codes-vnC-daJq.js",
  "/assets/confirmation-DzW94CRj.js",
  "/assets/connection-Dtnx9OI_.js",
  "/assets/copy-tSIaHcq6.js",
  "/assets/createLucideIcon-CNZsOZig.js",
  "/assets/emoji-ClIgBXyd.js",
  "/assets/en-BfXD5nEv.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-uOrT0Szx.js",
  "/assets/figures-CNCngd8i.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CvkP91-Q.css",
  "/assets/index-DhZ6tZTt.js",
  "/assets/log-out-HeHhshTt.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-J3ZEgwQ_.js",
  "/assets/members-Cq18_q-Q.js",
  "/assets/members-DiaDwp02.js",
  "/assets/messages-DK82W4v4.js",
  "/assets/names-BAxbs_gD.css",
  "/assets/names-DWvsiKFd.js",
  "/assets/notes-BHuP2PKt.js",
  "/assets/outbox-7mYffRq6.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pencil-oEEE18Cq.js",
  "/assets/people-BTRq8DaT.js",
  "/assets/pinia-D2lJMF6e.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/search-DpC9hxJa.js",
  "/assets/session-BWbiUiOi.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/settings-BqRd36Fl.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-CJQRoPWN.js",
  "/assets/tokens-DrBzekq0.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-DcC-lkKL.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-caLV7B-N.js",
  "/assets/useDates-C0amsioz.js",
  "/assets/useFaultText-BqYdJzKi.js",
  "/assets/useForm-Bhn-UG28.js",
  "/assets/useForwardExpose-Deaa3IhD.js",
  "/assets/useFragment-Nri05h77.js",
  "/assets/useNumbers-Cx2INiQ8.js",
  "/assets/usePaged-DRtEPb2J.js",
  "/assets/usePasswordHint-Bp7kKa8B.js",
  "/assets/useReact-Cs2te7LR.js",
  "/assets/users-Dg9SySv6.js",
  "/assets/utils-BQar49tp.js",
  "/assets/vue-DOegmvqX.js",
  "/assets/vue-router-CspSwuuu.js",
  "/assets/watches-Cmfrzws6.js",
  "/assets/x-C0eAMZ4u.js",
  "/assets/zh-CN-DFf1IzKp.js"
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
