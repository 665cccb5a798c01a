// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-c9a4e9aadb05'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BUUZcdRy.css",
  "/assets/ActionSheet-nBq3ujr3.js",
  "/assets/AdminAudit-DSxPJpaP.css",
  "/assets/AdminAudit-Qccqdoti.js",
  "/assets/AdminClasses-crDgFqpN.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminFigures-cMgxlReX.js",
  "/assets/AdminReports-DOBwf-Hz.js",
  "/assets/AdminTokens-Cw3IKekG.js",
  "/assets/AdminUsers-B0THHSXm.js",
  "/assets/AdminUsers-C5WEzDPi.css",
  "/assets/AdminView-ElbhohLu.js",
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
  "/assets/ChatView-C7VkF7uG.css",
  "/assets/ChatView-Hu1lbgfG.js",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Br1wWUM2.js",
  "/assets/ConfirmDialog-BzqSQ_vE.js",
  "/assets/ConfirmDialog-vvPS2p0Y.js",
  "/assets/CreateClassDialog-CzHErVbf.js",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-DUJamjLf.js",
  "/assets/DoorFrame-r6ArZmAV.css",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/EmojiPicker-x2iJRPkX.js",
  "/assets/FactorSteps-CznJ9_Cy.css",
  "/assets/FactorSteps-DyYXCG1v.js",
  "/assets/FactorView-CAIuo1pY.css",
  "/assets/FactorView-bHadqz3R.js",
  "/assets/FormDialog-CDhlp6aD.js",
  "/assets/FormDialog-DgUyUzR6.css",
  "/assets/HuePicker-CmC_pLdH.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-BKtp_Ji9.js",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/JoinView-NomXo5zT.js",
  "/assets/KeysDialog-D-2l1Uhh.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ListRow-DU3XiBR1.js",
  "/assets/ManageAbout-BdulDiz9.css",
  "/assets/ManageAbout-lZJH4fV7.js",
  "/assets/ManageClassView-Dv3Pvr9F.js",
  "/assets/ManageCodes-BgpgqT0I.js",
  "/assets/ManageCodes-CB_SNHOu.css",
  "/assets/ManageMembers-BL8GunhS.js",
  "/assets/ManageMembers-C8_15Naj.css",
  "/assets/ManageReports-C8aQFo_Z.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-DLHJkCM1.js",
  "/assets/NameDialog-DYMg3MnX.js",
  "/assets/NamesField-F76jaXYH.js",
  "/assets/NamesField-Two2BJbV.css",
  "/assets/NotFoundView-DwGIq4al.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-DSGHs7n0.js",
  "/assets/NoticeStack-D4R6B0xF.css",
  "/assets/NoticeStack-DKcxJk6I.js",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/NoticesPanel-Dq9JbEJE.js",
  "/assets/OneTimeField-D5yDsonS.js",
  "/assets/OneTimeField-D_24DSm7.css",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageLoad-aG-IQXu8.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PageSection-HoJ7K1EQ.js",
  "/assets/PaletteDialog-CSE76_-m.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-BXnB8hpf.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-Dwx3jfGq.js",
  "/assets/PrintCards-DN81cGz6.css",
  "/assets/PrintCards-WreiCQjh.js",
  "/assets/ProfileSettings-D5TVx-9W.js",
  "/assets/ProfileSettings-UOp92hRD.css",
  "/assets/QrCode-D-_vfcZo.js",
  "/assets/QrCode-G2EP3eX-.css",
  "/assets/QuietChip-BENlaoUp.js",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/ReportDialog-DbGgq_Ha.js",
  "/assets/ReportsPart-CfK8Np22.css",
  "/assets/ReportsPart-XNA7VHZ6.js",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-DCftaAHz.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-DBm6NYYB.js",
  "/assets/SectionFrame-BGvGnjOY.css",
  "/assets/SectionFrame-snfk66Os.js",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-B3-famYA.js",
  "/assets/SessionSettings-B4iB9rEF.css",
  "/assets/SetUpView-BBchXva-.js",
  "/assets/SettingsView-D_443wLv.js",
  "/assets/SignInView-CmZYHfKo.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-BhFWB5p-.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenSettings-DSZ_C00y.css",
  "/assets/TokenSettings-resuheCd.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-DbaVCHkD.css",
  "/assets/VersionsDialog-DsjnbKu6.js",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-C3-jYefO.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-Cl8i6B2a.js",
  "/assets/client-CJcU73uF.js",
  "/assets/code-DOlCkP6D.js",
  "/assets/codes-3SrhB1pr.js",
  "/assets/confirmation-oisvFQMV.js",
  "/assets/connection-znrXPAxP.js",
  "/assets/copy-CxUs_bJb.js",
  "/assets/createLucideIcon-Vl7lUsu_.js",
  "/assets/emoji-BGbfY9_q.js",
  "/assets/en-ibS5Zusk.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-B7lALYjG.js",
  "/assets/flag-DBsO0BI-.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CV_DcaeX.js",
  "/assets/index-CvkP91-Q.css",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-jz0qIFP5.js",
  "/assets/members-CUZWsVZM.js",
  "/assets/members-J1N53JGL.js",
  "/assets/messages-CEyarRr7.js",
  "/assets/names-BAxbs_gD.css",
  "/assets/names-FZlALLD_.js",
  "/assets/notes-CgyZSIv-.js",
  "/assets/outbox-C8JklH0O.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pages-D-Ca6UNO.js",
  "/assets/pencil-BHjVHQXh.js",
  "/assets/people-CJ9Soy-P.js",
  "/assets/report-Dul4DU1L.js",
  "/assets/reports-D4Xe8GfF.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/saveFile-De4e_mOl.js",
  "/assets/search-DbWSYSfh.js",
  "/assets/session-CC4gmQIK.js",
  "/assets/session-MA51CJll.js",
  "/assets/settings-VjQ2OqzI.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-65_CkvPN.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-kR2ODVjO.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-Ds2g1l7s.js",
  "/assets/useDates-Bl_fAkDQ.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-CDSZL9bt.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-Dss8x2vP.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-zMv5B-Tj.js",
  "/assets/useReact-4WUa1C7_.js",
  "/assets/useServerName-emWi4Qlw.js",
  "/assets/useShownName-BM-TmeJ7.js",
  "/assets/users-KA4vAusB.js",
  "/assets/utils-Dhvp8xzu.js",
  "/assets/vue-BT7qAIjC.js",
  "/assets/vue-router-DKkSAuxC.js",
  "/assets/watches-3AFCS2SV.js",
  "/assets/x-BGRibZKr.js",
  "/assets/zh-CN-DdQYihke.js"
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
