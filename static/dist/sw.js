// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-3e83c7987a6c'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Bm27iTOH.css",
  "/assets/ActionSheet-C94plgDA.js",
  "/assets/AdminAudit--2FryHun.js",
  "/assets/AdminAudit-xlrBsvnS.css",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminClasses-D7MJjppb.js",
  "/assets/AdminFigures-Bp02Pi3u.js",
  "/assets/AdminFigures-EI7rzVzD.css",
  "/assets/AdminTokens-CykNDBa7.js",
  "/assets/AdminUsers-Bgzfm850.css",
  "/assets/AdminUsers-CAQZfltZ.js",
  "/assets/AdminView-C6s7YmhZ.js",
  "/assets/BaseAvatar-DkzeJVGb.js",
  "/assets/BaseAvatar-gHS_GWHE.css",
  "/assets/BaseButton-hCiFWU1m.js",
  "/assets/BaseButton-qgQ3EzYW.css",
  "/assets/BaseCheckbox-6kyWVbUk.css",
  "/assets/BaseCheckbox-DGsKPp_r.js",
  "/assets/BaseDialog-BXFInNCm.css",
  "/assets/BaseDialog-y9mCXirR.js",
  "/assets/BaseEmpty-5BAd8hj1.js",
  "/assets/BaseEmpty-BNIiowUf.css",
  "/assets/BaseField-C0P0QVjn.js",
  "/assets/BaseField-DWdu44BH.css",
  "/assets/BaseMenu--NJqmB5d.js",
  "/assets/BaseMenu-C4TjvcWK.css",
  "/assets/BaseNotice-B1ctros2.js",
  "/assets/BaseNotice-PdCMtaHM.css",
  "/assets/BaseSelect-B-5bTrRR.css",
  "/assets/BaseSelect-Du_FdKGQ.js",
  "/assets/BaseSkeleton-0DrkH78Y.js",
  "/assets/BaseSkeleton-v7B4HN3u.css",
  "/assets/ChatView-D4A0wsz2.css",
  "/assets/ChatView-L7aukl77.js",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Dk_SKPH8.js",
  "/assets/ConfirmDialog-Cho5deZk.js",
  "/assets/ConfirmDialog-CjSjzJ3N.js",
  "/assets/CreateClassDialog-B-sBZ1TJ.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogClose-Bl-_f9Ap.js",
  "/assets/DialogTitle-DGhr1afF.js",
  "/assets/DoorFrame-Dgc12Aas.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-Bml33EQ4.js",
  "/assets/EmojiPicker-CSHg5rUh.css",
  "/assets/HuePicker-DWBx78kc.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/IconButton-CxLjZNmt.js",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/JoinView-sAbZQMae.js",
  "/assets/KeysDialog-CGNxjOIv.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-CTmwP0jI.js",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ManageAbout-BM8tdgbl.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageClassView-D0Zw9e19.js",
  "/assets/ManageCodes-6lcG_fDI.css",
  "/assets/ManageCodes-TV5k9Okw.js",
  "/assets/ManageMembers-BV1gRg-q.js",
  "/assets/ManageMembers-DXLVs2rq.css",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-Cr7yqJrh.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NameDialog-iV8L74Bn.js",
  "/assets/NameSuggest-E7mzYo56.js",
  "/assets/NameSuggest-yU2eGFQG.css",
  "/assets/NotFoundView-B1312aHf.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-CTJFWoGj.js",
  "/assets/NoticeStack-Co8yaAli.js",
  "/assets/NoticeStack-Dlrf3Hcw.css",
  "/assets/NoticesPanel-C7r8kGcb.css",
  "/assets/NoticesPanel-DUXVmBgT.js",
  "/assets/PageLoad-MrjIUJyq.js",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageSection-7eeCYGsV.js",
  "/assets/PageSection-BiKUbIwi.css",
  "/assets/PaletteDialog-BSKb2aHS.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-C4QG62a5.js",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-BMmCgHEv.js",
  "/assets/ProfileSettings-BtsweE7O.js",
  "/assets/ProfileSettings-CrQl7FTW.css",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/QuietChip-D99mzBsC.js",
  "/assets/SearchField-BAxbs_gD.css",
  "/assets/SearchField-CYoEKbxr.js",
  "/assets/SecretBox-4dArBrf9.js",
  "/assets/SecretBox-DKzt173V.css",
  "/assets/SectionFrame-BfGBIBwO.css",
  "/assets/SectionFrame-yYtiK7ek.js",
  "/assets/SegmentedChoice-Be97ZfuW.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-CpstLVbG.js",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SetUpView-ai2o_bUz.js",
  "/assets/SettingsView-B8Sfsjeh.js",
  "/assets/SignInView-4vwTwITP.js",
  "/assets/Teleport-DLqOe9yv.js",
  "/assets/TokenRow-BSdwShCF.css",
  "/assets/TokenRow-CSfxdIbl.js",
  "/assets/TokenSettings-BLzxXvLG.css",
  "/assets/TokenSettings-D6A4K10L.js",
  "/assets/TooltipProvider-CiOGo4Rp.js",
  "/assets/VersionsDialog-7bDfk3fg.css",
  "/assets/VersionsDialog-BM3GNNVo.js",
  "/assets/_plugin-vue_export-helper-BKg_Njf8.js",
  "/assets/account-CIC56g0-.js",
  "/assets/check-B8kKiD_n.js",
  "/assets/classes-BsqLNDsb.js",
  "/assets/client-mfV4Y48C.js",
  "/assets/code-C1Vq61xb.js",
  "/assets/codes-vnC-daJq.js",
  "/assets/confirmation-DzW94CRj.js",
  "/assets/copy-tSIaHcq6.js",
  "/assets/createLucideIcon-CNZsOZig.js",
  "/assets/emoji-By_Y6w4C.js",
  "/assets/en-CLipzx-N.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-Do4J-JIq.js",
  "/assets/figures-CNCngd8i.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-D1hrbjHO.css",
  "/assets/index-qssafOmY.js",
  "/assets/log-out-HeHhshTt.js",
  "/assets/markdown-BNu2DHZs.js",
  "/assets/me-J3ZEgwQ_.js",
  "/assets/members-DiaDwp02.js",
  "/assets/members-ewFAfQkg.js",
  "/assets/messages-DCNfOC4E.js",
  "/assets/notes-BHuP2PKt.js",
  "/assets/notices-EpK886mz.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pencil-oEEE18Cq.js",
  "/assets/people-BTRq8DaT.js",
  "/assets/pinia-D2lJMF6e.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/search-DpC9hxJa.js",
  "/assets/session-Cf75mKiB.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/settings-CSHiAB-K.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-DLanyHQL.js",
  "/assets/tokens-DrBzekq0.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-DcC-lkKL.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-caLV7B-N.js",
  "/assets/useDates-BKXK1rQb.js",
  "/assets/useFaultText-BqYdJzKi.js",
  "/assets/useForm-BB47ZipE.js",
  "/assets/useForwardExpose-Deaa3IhD.js",
  "/assets/useFragment-Nri05h77.js",
  "/assets/useNumbers-DdgRK-oo.js",
  "/assets/usePaged-DRtEPb2J.js",
  "/assets/usePasswordHint-Bp7kKa8B.js",
  "/assets/useReact-BKzNfP38.js",
  "/assets/users-Dg9SySv6.js",
  "/assets/utils-BQar49tp.js",
  "/assets/vue-DOegmvqX.js",
  "/assets/vue-router-CspSwuuu.js",
  "/assets/watches-C98BpXo5.js",
  "/assets/x-C0eAMZ4u.js",
  "/assets/zh-CN-4An5_n5x.js"
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
