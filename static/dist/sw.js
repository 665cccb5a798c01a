// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-3321ec3fa9bf'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Bm27iTOH.css",
  "/assets/ActionSheet-BnasG_Qv.js",
  "/assets/AdminAudit-DhVGPQjn.js",
  "/assets/AdminAudit-xlrBsvnS.css",
  "/assets/AdminClasses-BCVhEnEW.js",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminTokens-B5NSOfKE.js",
  "/assets/AdminUsers-Bgzfm850.css",
  "/assets/AdminUsers-DkB46HT_.js",
  "/assets/AdminView-X7R8OLjG.js",
  "/assets/BaseAvatar-CJ47A-gA.js",
  "/assets/BaseAvatar-gHS_GWHE.css",
  "/assets/BaseButton-fyV4Oad4.js",
  "/assets/BaseButton-qgQ3EzYW.css",
  "/assets/BaseCheckbox-6kyWVbUk.css",
  "/assets/BaseCheckbox-ePYpgUyg.js",
  "/assets/BaseDialog-BXFInNCm.css",
  "/assets/BaseDialog-CACwd_L8.js",
  "/assets/BaseEmpty-BNIiowUf.css",
  "/assets/BaseEmpty-ChS-f4jy.js",
  "/assets/BaseField-DWdu44BH.css",
  "/assets/BaseField-crQ85DQ5.js",
  "/assets/BaseNotice-PdCMtaHM.css",
  "/assets/BaseNotice-xNZMZEH6.js",
  "/assets/BaseSelect-B-5bTrRR.css",
  "/assets/BaseSelect-Cj-lU8hK.js",
  "/assets/BaseSkeleton-Qp9SOz09.js",
  "/assets/BaseSkeleton-v7B4HN3u.css",
  "/assets/ChatView-BVjloHwS.js",
  "/assets/ChatView-D6OFkBDF.css",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-VDl5AGHJ.js",
  "/assets/ConfirmDialog-BOJGWtfT.js",
  "/assets/ConfirmDialog-D07qxUQa.js",
  "/assets/CreateClassDialog-BNd7EpPp.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogTitle-DRwo3RmI.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/DoorFrame-yZ5m9b-b.js",
  "/assets/EmojiPicker-CSHg5rUh.css",
  "/assets/EmojiPicker-D39-pjmM.js",
  "/assets/HuePicker-_4v692UN.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-CWXvTcEe.js",
  "/assets/IconButton-D1z_aR09.css",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/JoinView-D0HXjl-C.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/KeysDialog-xYEk-7B8.js",
  "/assets/ListRow-B4cdYm0F.js",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageAbout-DK65Lney.js",
  "/assets/ManageClassView-DqB_vpvu.js",
  "/assets/ManageCodes-6lcG_fDI.css",
  "/assets/ManageCodes-C1s3ubPo.js",
  "/assets/ManageMembers-A2tjjjTI.js",
  "/assets/ManageMembers-DXLVs2rq.css",
  "/assets/MessageBody-DYhOi7Oe.js",
  "/assets/MessageBody-klDE2qlq.css",
  "/assets/NameDialog-BDgMXjnn.css",
  "/assets/NameDialog-DCDvATtS.js",
  "/assets/NameSuggest-BedNyPnI.js",
  "/assets/NameSuggest-yU2eGFQG.css",
  "/assets/NotFoundView-C6ssogdD.js",
  "/assets/PageLoad-C1Y7PP6Z.js",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageSection-BM7VtJJH.js",
  "/assets/PageSection-BiKUbIwi.css",
  "/assets/PaletteDialog-CjmaDmrR.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-DJcxPqcT.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-LaD67qwZ.js",
  "/assets/ProfileSettings-BCOD-WpR.js",
  "/assets/ProfileSettings-CrQl7FTW.css",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/QuietChip-xNaPqNWB.js",
  "/assets/SearchField-BAxbs_gD.css",
  "/assets/SearchField-BvNWjjwm.js",
  "/assets/SecretBox-DKzt173V.css",
  "/assets/SecretBox-fev9-JmB.js",
  "/assets/SectionFrame-C2aW2Ze7.css",
  "/assets/SectionFrame-KxSKJb2G.js",
  "/assets/SegmentedChoice-C2D3tTII.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-BVkSm9I1.js",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SetUpView-CqJUBNMw.js",
  "/assets/SettingsView-MxBiEluz.js",
  "/assets/SignInView-DTNOm31A.js",
  "/assets/Teleport-BldL7_1D.js",
  "/assets/TokenRow-BDJ_xhmd.js",
  "/assets/TokenRow-BSdwShCF.css",
  "/assets/TokenSettings-BLzxXvLG.css",
  "/assets/TokenSettings-CeDy1weF.js",
  "/assets/TooltipProvider-Bxd35D92.js",
  "/assets/VersionsDialog-7bDfk3fg.css",
  "/assets/VersionsDialog-BkFluwyS.js",
  "/assets/_plugin-vue_export-helper-BVfJBuVb.js",
  "/assets/account-DTBnX_zT.js",
  "/assets/arrow-left-GHgYaihN.js",
  "/assets/classes-BMPUbs5f.js",
  "/assets/client-mfV4Y48C.js",
  "/assets/code-C1Vq61xb.js",
  "/assets/codes-hKbksuyI.js",
  "/assets/confirmation-Bz34G-rQ.js",
  "/assets/copy-CKtqADsx.js",
  "/assets/createLucideIcon-CoA_p7yg.js",
  "/assets/dist-DRx7-ahI.js",
  "/assets/emoji--KsAtLX_.js",
  "/assets/en-M8MRxdMB.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-OdIymBeT.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-BY38LgMU.js",
  "/assets/index-bzP4mtEo.css",
  "/assets/log-out-CHE2Dv5P.js",
  "/assets/markdown-BNu2DHZs.js",
  "/assets/me-J3ZEgwQ_.js",
  "/assets/members-5kNDPJCL.js",
  "/assets/members-DiaDwp02.js",
  "/assets/messages-BB9iBsK3.js",
  "/assets/notes-BpA0zRii.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pencil-D3EjN7gs.js",
  "/assets/people-r9dQ3nPm.js",
  "/assets/pinia-zB4DYpWZ.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/search-DiDt7yOl.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/session-Pu5TDn7T.js",
  "/assets/settings-B1E4r-MS.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-D8CxJit5.js",
  "/assets/tokens-d6_QCSX6.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-CsQYUQYa.js",
  "/assets/useDates-DlDlhPDy.js",
  "/assets/useFaultText-CPMAbmIy.js",
  "/assets/useForm-f1BHIZ9o.js",
  "/assets/useForwardExpose-CYCWicQR.js",
  "/assets/useFragment-C0BUN9Je.js",
  "/assets/useNow-CWl8YrXz.js",
  "/assets/usePaged-CqpMHtug.js",
  "/assets/usePasswordHint-CaREvQb-.js",
  "/assets/useReact-qsA85zVJ.js",
  "/assets/users-Dg9SySv6.js",
  "/assets/vue-B1YOCL21.js",
  "/assets/vue-router-W2WIS0YX.js",
  "/assets/x-CU9jkZij.js",
  "/assets/zh-CN-hiwHE3xM.js"
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
