// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
<<<<<<< HEAD
<<<<<<< HEAD
const cacheName = 'homeroom-7c683315a5a5'
=======
=======
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
<<<<<<< HEAD
const cacheName = 'homeroom-0b41d94a015d'
=======
const cacheName = 'homeroom-a6fc5437fc5a'
>>>>>>> ec24135 (What is older than messages are kept is purged, out of the files too)
<<<<<<< HEAD
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Bm27iTOH.css",
<<<<<<< HEAD
  "/assets/ActionSheet-Dvl-Z-xm.js",
  "/assets/AdminAudit-D9SnRY6u.css",
  "/assets/AdminAudit-ZOR0PSj5.js",
=======
  "/assets/ActionSheet-DSU_cv-s.js",
  "/assets/AdminAudit-B7QH-CLP.js",
  "/assets/AdminAudit-X8FYrl7e.css",
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminClasses-kCmmoHZy.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminFigures-Du5lHTfb.js",
  "/assets/AdminReports-pkAGQDIU.js",
  "/assets/AdminTokens-BjUWQVBS.js",
  "/assets/AdminUsers-Cm4izrH9.js",
  "/assets/AdminUsers-tjG_fFgO.css",
  "/assets/AdminView-B0THReau.js",
=======
=======
const cacheName = 'homeroom-fac7d48a7e9c'
>>>>>>> 0e4eca4 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BDHUumdF.js",
  "/assets/ActionSheet-BUUZcdRy.css",
  "/assets/AdminAudit-CZa0_xiq.js",
  "/assets/AdminAudit-tiDZ-qF1.css",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminClasses-pDDnc60g.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminFigures-D1vox1nH.js",
  "/assets/AdminTokens-CuZBMLHO.js",
  "/assets/AdminUsers-5nKCbmpd.css",
  "/assets/AdminUsers-BtQed3Y3.js",
  "/assets/AdminView-BANOE9_T.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
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
<<<<<<< HEAD
<<<<<<< HEAD
  "/assets/ChatView-CVt__BXj.js",
  "/assets/ChatView-mUtUxzeJ.css",
=======
=======
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/ChatView-BKq2cgWn.css",
<<<<<<< HEAD
  "/assets/ChatView-d_3HdYkV.js",
=======
  "/assets/ChatView-CBHKZpTC.js",
>>>>>>> ec24135 (What is older than messages are kept is purged, out of the files too)
<<<<<<< HEAD
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
=======
=======
  "/assets/ChatView-BMr3PiJq.js",
  "/assets/ChatView-C3NJ-5am.css",
>>>>>>> 0e4eca4 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Br1wWUM2.js",
  "/assets/ConfirmDialog-BzqSQ_vE.js",
  "/assets/ConfirmDialog-vvPS2p0Y.js",
<<<<<<< HEAD
<<<<<<< HEAD
  "/assets/CreateClassDialog-D66s8rmQ.js",
=======
  "/assets/CreateClassDialog-De9l30Sf.js",
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-BEkTJGkx.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/EmojiPicker-BjTR-ETY.js",
=======
  "/assets/CreateClassDialog-DIYPtFSV.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-CxP29yot.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/EmojiPicker-P-MKLc6f.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/HuePicker-CmC_pLdH.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-BKtp_Ji9.js",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/JoinView-CBlGhfA4.css",
<<<<<<< HEAD
<<<<<<< HEAD
  "/assets/JoinView-K6ZQg_e1.js",
=======
  "/assets/JoinView-DcgpMQGw.js",
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
=======
  "/assets/JoinView-Cb1vgw9l.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/KeysDialog-D-2l1Uhh.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ListRow-DU3XiBR1.js",
<<<<<<< HEAD
  "/assets/ManageAbout-BtGXeEFZ.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageClassView-BiQClVl6.js",
  "/assets/ManageCodes-BjxP_rUY.css",
  "/assets/ManageCodes-C6NPIG9P.js",
  "/assets/ManageMembers-BUAAl-KW.js",
  "/assets/ManageMembers-Du_8VhfA.css",
  "/assets/ManageReports-Lsvv7QLV.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-CTpnddfi.js",
=======
  "/assets/ManageAbout-B4L9uWdd.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageClassView-D1aJHKYF.js",
  "/assets/ManageCodes-BjxP_rUY.css",
  "/assets/ManageCodes-CuILyY5S.js",
  "/assets/ManageMembers-BQ-iFpkX.css",
  "/assets/ManageMembers-mwKV1hj_.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-Cbe-teai.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/NameDialog-DIAaSvCp.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NamesField-F76jaXYH.js",
  "/assets/NamesField-Two2BJbV.css",
<<<<<<< HEAD
  "/assets/NotFoundView-CiYptNki.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-BsOSgTgx.js",
  "/assets/NoticeStack-D4R6B0xF.css",
  "/assets/NoticeStack-T4l5iUNu.js",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/NoticesPanel-D4XSSAuk.js",
=======
  "/assets/NotFoundView-BB3636IA.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-Cepurx5s.js",
  "/assets/NoticeStack-Dhv1R0xW.css",
  "/assets/NoticeStack-XasGpsCs.js",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/NoticesPanel-C3vmd2c-.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageLoad-aG-IQXu8.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PageSection-HoJ7K1EQ.js",
<<<<<<< HEAD
  "/assets/PaletteDialog-BWQGCa3U.js",
=======
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PaletteDialog-O_fwdn_y.js",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-D64EEwsm.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-Dwx3jfGq.js",
  "/assets/ProfileSettings-CrQl7FTW.css",
<<<<<<< HEAD
  "/assets/ProfileSettings-NeJY5s-n.js",
=======
  "/assets/ProfileSettings-DzH7zJJQ.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/QuietChip-BENlaoUp.js",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/ReportDialog-D0X6vwjN.css",
  "/assets/ReportDialog-DdSG9cc2.js",
  "/assets/ReportsPart-B6JhtDOI.js",
  "/assets/ReportsPart-CfOKjQix.css",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-CK9A8VBn.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-BWr8HNs7.js",
<<<<<<< HEAD
  "/assets/SectionFrame-BGvGnjOY.css",
  "/assets/SectionFrame-tpB-k9da.js",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-C3hKESsT.js",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SetUpView-WfrYaWUF.js",
  "/assets/SettingsView-vGRSOk6m.js",
  "/assets/SignInView-CkzD6EKE.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-CNVCkZfr.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-Dfe9C7-F.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-7bDfk3fg.css",
  "/assets/VersionsDialog-D4iGywv9.js",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-CwOQsJfr.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-B57I02BV.js",
=======
  "/assets/SectionFrame-9SxitVNu.js",
  "/assets/SectionFrame-vUoyNg5b.css",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-D1ahsNJS.js",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SetUpView-BUxRJLw-.js",
  "/assets/SettingsView-BOWs6dA9.js",
  "/assets/SignInView-CRoopXQz.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-Bxm7kPQR.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-DUvcGKPk.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-DbaVCHkD.css",
  "/assets/VersionsDialog-p_4uyiEB.js",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-CuDdCIgh.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-Dq5Tw-xA.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/client-mfV4Y48C.js",
  "/assets/code-C1Vq61xb.js",
  "/assets/codes-DX6JlX3r.js",
  "/assets/confirmation-C9RP9tUl.js",
  "/assets/connection-CrLwg8G1.js",
  "/assets/copy-CxUs_bJb.js",
  "/assets/createLucideIcon-Vl7lUsu_.js",
<<<<<<< HEAD
  "/assets/emoji-DPg83DXk.js",
  "/assets/en-C376mB6r.js",
  "/assets/fault-CgEEqBGn.js",
<<<<<<< HEAD
  "/assets/feed-BaRRtuaL.js",
=======
  "/assets/feed-Dqgk43Ll.js",
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
=======
  "/assets/emoji-DwS8pl1B.js",
  "/assets/en-8pbdCFif.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-D6T9hU6b.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/figures-yCMTVRJr.js",
  "/assets/flag-DBsO0BI-.js",
  "/assets/highlight-Dv_dwV5h.js",
<<<<<<< HEAD
<<<<<<< HEAD
=======
=======
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
<<<<<<< HEAD
  "/assets/index-CDNAVmRm.js",
=======
  "/assets/index-Bi1lw47i.js",
>>>>>>> ec24135 (What is older than messages are kept is purged, out of the files too)
<<<<<<< HEAD
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
  "/assets/index-CvkP91-Q.css",
  "/assets/index-J_E016Ji.js",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-J3ZEgwQ_.js",
=======
=======
>>>>>>> 0e4eca4 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/index-CvkP91-Q.css",
  "/assets/index-DeQFpSdO.js",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-J3ZEgwQ_.js",
  "/assets/members-CyESYAXd.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/members-DiaDwp02.js",
  "/assets/members-Oxor4bFy.js",
  "/assets/messages-DE_Ejw9_.js",
  "/assets/names-BAxbs_gD.css",
  "/assets/names-FZlALLD_.js",
  "/assets/notes-A5khOmGX.js",
  "/assets/outbox-BB_Jkmh1.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pencil-BHjVHQXh.js",
  "/assets/people-81oXOiE7.js",
  "/assets/pinia-CXcN3Akx.js",
  "/assets/report-Dul4DU1L.js",
  "/assets/reports-DHvfgIA-.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/search-DbWSYSfh.js",
<<<<<<< HEAD
  "/assets/session-DDlYjmmb.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/settings-BySNPRRO.js",
  "/assets/span-D1kZGgL9.js",
<<<<<<< HEAD
  "/assets/threads-CvcFunq1.js",
=======
  "/assets/threads-DXMuaFtq.js",
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
=======
  "/assets/session-Dd39jonB.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/settings-CzzgNwfQ.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-BiuRWVkg.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/tokens-DcJ2yTOD.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-kR2ODVjO.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-upAkmZQf.js",
<<<<<<< HEAD
  "/assets/useDates-CxS_yS1Q.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-BnV4lEv4.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-BnFubMfX.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-Cav56T82.js",
<<<<<<< HEAD
  "/assets/useReact-DBsou-Ff.js",
=======
  "/assets/useReact-BAFz8jYf.js",
>>>>>>> 47758f2 (What is older than messages are kept is purged, out of the files too)
  "/assets/users-Dg9SySv6.js",
=======
  "/assets/useDates-Dfcn5pdx.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-CMcfYJdh.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-DbA-9wD4.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-Cav56T82.js",
  "/assets/useReact-tstLFoVG.js",
  "/assets/useShownName-BM-TmeJ7.js",
  "/assets/users-DivVA8H9.js",
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
  "/assets/utils-Dhvp8xzu.js",
  "/assets/vue-BT7qAIjC.js",
  "/assets/vue-router-DKkSAuxC.js",
  "/assets/watches-CG7L5OAb.js",
  "/assets/x-BGRibZKr.js",
<<<<<<< HEAD
  "/assets/zh-CN-nwj6SaaL.js"
=======
  "/assets/zh-CN-DQF4dtBg.js"
>>>>>>> cad0af3 (An admin erases a person: a tombstone stays, and no file holds the name or what they said)
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
