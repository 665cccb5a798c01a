// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-0b41d94a015d'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Bm27iTOH.css",
  "/assets/ActionSheet-D3Xm2LxY.js",
  "/assets/AdminAudit-B7QH-CLP.js",
  "/assets/AdminAudit-X8FYrl7e.css",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminClasses-Drt-4_B-.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminFigures-DsS8-TRl.js",
  "/assets/AdminTokens-4WVMxIZT.js",
  "/assets/AdminUsers-CrkfSO3N.js",
  "/assets/AdminUsers-tjG_fFgO.css",
  "/assets/AdminView-D3Pc7jOV.js",
  "/assets/BaseAvatar-Cp6M2uip.js",
  "/assets/BaseAvatar-gHS_GWHE.css",
  "/assets/BaseButton-D6RCVQpD.js",
  "/assets/BaseButton-qgQ3EzYW.css",
  "/assets/BaseCheckbox-6kyWVbUk.css",
  "/assets/BaseCheckbox-Cvq8zVxq.js",
  "/assets/BaseDialog-BGLLpQrC.css",
  "/assets/BaseDialog-B_ohJ4md.js",
  "/assets/BaseEmpty-BNIiowUf.css",
  "/assets/BaseEmpty-CUan-_m3.js",
  "/assets/BaseField-CE_uwIEw.css",
  "/assets/BaseField-kxxQhO5Z.js",
  "/assets/BaseMenu-C4TjvcWK.css",
  "/assets/BaseMenu-DHe7ikVS.js",
  "/assets/BaseNotice-DAxEQ3E7.js",
  "/assets/BaseNotice-PdCMtaHM.css",
  "/assets/BaseSelect-B-5bTrRR.css",
  "/assets/BaseSelect-C1On3W4-.js",
  "/assets/BaseSkeleton-De3DuBDm.js",
  "/assets/BaseSkeleton-v7B4HN3u.css",
  "/assets/ChatView-BKq2cgWn.css",
  "/assets/ChatView-d_3HdYkV.js",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Br1wWUM2.js",
  "/assets/ConfirmDialog-BzqSQ_vE.js",
  "/assets/ConfirmDialog-vvPS2p0Y.js",
  "/assets/CreateClassDialog-CIl2JT7k.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-Bul_ZabD.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/EmojiPicker-DyTjnmLT.js",
  "/assets/HuePicker-CmC_pLdH.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-BKtp_Ji9.js",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/JoinView-BrPIIsZj.js",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/KeysDialog-D-2l1Uhh.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ListRow-DU3XiBR1.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageAbout-DgYxMMX6.js",
  "/assets/ManageClassView-C7Bg74Yy.js",
  "/assets/ManageCodes-BjxP_rUY.css",
  "/assets/ManageCodes-Bm-OVi1P.js",
  "/assets/ManageMembers-BQ-iFpkX.css",
  "/assets/ManageMembers-C_zd7i8P.js",
  "/assets/MessageBody-76_p9zHH.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/NameDialog-DIAaSvCp.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NamesField-F76jaXYH.js",
  "/assets/NamesField-Two2BJbV.css",
  "/assets/NotFoundView-B5EcXuyP.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-CalImmHU.js",
  "/assets/NoticeStack-CJ5D1w_J.js",
  "/assets/NoticeStack-Dhv1R0xW.css",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/NoticesPanel-DU4_zJ7O.js",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageLoad-aG-IQXu8.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PageSection-HoJ7K1EQ.js",
  "/assets/PaletteDialog-D9CxZ-oK.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-D64EEwsm.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-Dwx3jfGq.js",
  "/assets/ProfileSettings-CrQl7FTW.css",
  "/assets/ProfileSettings-DHiyDUSF.js",
  "/assets/QuietChip-BENlaoUp.js",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-wATSfxOw.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-BWr8HNs7.js",
  "/assets/SectionFrame-BXgjWFJV.js",
  "/assets/SectionFrame-vUoyNg5b.css",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SessionSettings-D_-Q9tLA.js",
  "/assets/SetUpView-fzFpYr_P.js",
  "/assets/SettingsView-C2qFs3MI.js",
  "/assets/SignInView-Df8_YKcp.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenRow-veTLfXHi.js",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-BqY8WmsS.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-7bDfk3fg.css",
  "/assets/VersionsDialog-Dz9WY4Gc.js",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-BYEglKLV.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-KUg0IkYr.js",
  "/assets/client-mfV4Y48C.js",
  "/assets/code-C1Vq61xb.js",
  "/assets/codes-DX6JlX3r.js",
  "/assets/confirmation-C9RP9tUl.js",
  "/assets/connection-KLtJyi5N.js",
  "/assets/copy-CxUs_bJb.js",
  "/assets/createLucideIcon-Vl7lUsu_.js",
  "/assets/emoji-CKdDrNBt.js",
  "/assets/en-BfXD5nEv.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-CtV5ekhs.js",
  "/assets/figures-yCMTVRJr.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CDNAVmRm.js",
  "/assets/index-CvkP91-Q.css",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-J3ZEgwQ_.js",
  "/assets/members-BQ5QQnmp.js",
  "/assets/members-DiaDwp02.js",
  "/assets/messages-DE_Ejw9_.js",
  "/assets/names-BAxbs_gD.css",
  "/assets/names-FZlALLD_.js",
  "/assets/notes-A5khOmGX.js",
  "/assets/outbox-DVHbAQkd.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pencil-BHjVHQXh.js",
  "/assets/people-B23bOyBD.js",
  "/assets/pinia-CXcN3Akx.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/search-DbWSYSfh.js",
  "/assets/session-BQJXgG3V.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/settings-Cz6Tl4fV.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-CW1bcyz3.js",
  "/assets/tokens-DcJ2yTOD.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-kR2ODVjO.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-upAkmZQf.js",
  "/assets/useDates-6TyzgFf8.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-D6MDxLS-.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-CAbaDk8F.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-Cav56T82.js",
  "/assets/useReact-DJxKnEch.js",
  "/assets/users-Dg9SySv6.js",
  "/assets/utils-Dhvp8xzu.js",
  "/assets/vue-BT7qAIjC.js",
  "/assets/vue-router-DKkSAuxC.js",
  "/assets/watches-QuJbWotj.js",
  "/assets/x-BGRibZKr.js",
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
