# 文本目录：错误、条件、操作和选项的说法。键与 en.ftl 一致。

## 请求本身

malformed_request = 请求不符合 HTTP 规范，无法处理。
    .title = 请求格式有误
malformed_json = 请求体不是有效的 JSON：第 { $line } 行第 { $column } 列有误。
    .title = JSON 格式有误
malformed_cursor = 游标无效：请原样使用上一页给出的 next_cursor，且筛选和排序条件不变。
    .title = 游标无效
unknown_parameter = 没有名为 { $parameter } 的查询参数。
    .title = 未知参数
invalid_parameter = 参数 { $parameter } 的取值无效，或出现了不止一次。
    .title = 参数无效
unsupported_media_type = 请求体的类型不受支持：提交用 application/json，修改用 application/merge-patch+json。
    .title = 媒体类型不受支持
payload_too_large = 请求体过大，请缩减内容后重试。
    .title = 请求体过大
uri_too_long = 请求地址超过 { $limit } 个字符。
    .title = 请求地址过长
range_not_satisfiable = 所请求的范围不在文件之内。
    .title = 范围无效
storage_full = 存储空间不足，无法保存文件，请联系管理员。
    .title = 存储空间不足
job_abandoned = 执行任务的节点多次中断，请重新提交。
job_over = 任务已经结束。
    .remedy = 任务已结束，无需取消。
job_without_result = 没有可下载的结果：任务未完成，或结果已过期。
    .remedy = 请等待完成，或重新提交任务。
one_table_only = 这项导出有多张表，不能写成 CSV，请选择 xlsx，或指定一个类别。
not_announced = 表彰尚未公布。
    .remedy = 先公布表彰。
table_unreadable = 表格无法读取：须为有可见工作表的 XLSX，或 UTF-8、GB18030 编码的 CSV。
headings_wrong = 表头与模板不符。缺少：{ $missing }；多余：{ $unknown }；重复：{ $duplicate }。
table_empty = 表格没有数据行。
too_many_rows = 表格行数超过{ $limit }行。
not_a_number = 须为数字。
not_a_whole_number = 须为整数。
too_many_places = 小数位数过多。
precision_lost = 数字超过15位，电子表格已丢失末尾数字，请将单元格设为文本后重新填写。
not_a_day = 须为日期，如 2026-03-01。
not_an_instant = 须为时间，如 2026-03-01 09:30。
not_a_boolean = 须填“是”或“否”。
formula_error = 单元格的公式没有结果。
request_timeout = 请求内容未在时限内送达。
    .title = 请求超时
not_found = 未找到所请求的内容，或您无权查看。
    .title = 未找到
method_not_allowed = 此地址不支持该请求方法，可用的方法见 Allow 响应头。
    .title = 方法不允许
not_acceptable = 无法按 Accept 请求头所要求的类型答复。
    .title = 无法按要求的类型答复
internal_error = 系统内部出错，请记下请求编号并联系管理员。
    .title = 系统内部错误
service_unavailable = 系统暂时无法提供服务，请稍后重试。
    .title = 服务暂不可用
not_ready = 本服务器目前无法工作：{ $lacking ->
        [stopping] 即将停止。
        [database] 数据库没有响应或不能写入。
       *[files] 文件无法保存，或磁盘已满。
    }
    .title = 尚未就绪

## 谁在请求

unauthenticated = 请先登录。
    .title = 未登录
invalid_credentials = 用户名或密码不正确，或账户已停用。
    .title = 登录失败
invalid_refresh_token = 登录已失效，请重新登录。
    .title = 登录已失效
refresh_token_reused = 续期令牌被重复使用，为安全起见已结束本次登录，请重新登录。
    .title = 续期令牌被重复使用
role_not_permitted = 您的角色无权进行此操作。
    .title = 无权操作
password_change_required = 请先修改初始密码，再进行其他操作。
    .title = 须先修改密码
second_factor_required = 请先登记第二要素，再进行其他操作。
    .title = 须登记第二要素
recent_login_required = 此操作须在登录后十分钟内进行，请重新登录。
    .title = 须重新登录
invalid_second_factor = 验证码错误，或已被使用。
    .title = 登录失败
pending_login_over = 本次登录等待过久或验证码错误次数过多，请重新登录。
    .title = 登录已失效
single_sign_on_off = 本系统未启用单点登录，请使用用户名和密码登录。
    .title = 未启用单点登录
single_sign_on_failed = 单点登录未成功，请重新登录；如仍不成功，请向安全管理员核实本系统中的账户。
    .title = 登录失败
single_sign_on_away = 统一身份认证平台暂时无法使用，请稍后重试。
    .title = 统一身份认证平台暂不可用
too_many_attempts = 尝试错误次数过多，请等待 { $seconds } 秒后再试。
    .title = 尝试次数过多
too_many_requests = 请求过于频繁，请等待 { $seconds } 秒后再试。
    .title = 请求过于频繁

## 机器客户端取令牌

invalid_token_request = 取令牌的请求不符合 RFC 6749：缺少 { $parameter }，或重复给出。
    .title = 请求无效
invalid_client = 客户端不存在，或密钥不正确。
    .title = 客户端无效
invalid_scope = 客户端没有所请求的授权范围。
    .title = 授权范围无效
unsupported_grant_type = 只支持 client_credentials 授权方式。
    .title = 授权方式不支持

## 并发修改

precondition_required = 请在 If-Match 请求头中写明所依据的版本（ETag）；新建时用 If-None-Match: *。
    .title = 须写明版本
precondition_failed = 内容在您查看之后已有变动，请刷新后重试。
    .title = 版本已变动
wildcard_refused = 作出决定须写明所依据的版本，不接受 If-Match: *。
    .title = 不接受通配版本
already_exists = 该内容已存在；如需修改，请在 If-Match 中写明其版本。
    .title = 已存在
conflict = 与其他人的操作或已有数据冲突，请刷新后重试。
    .title = 冲突
idempotency_in_flight = 使用同一 Idempotency-Key 的请求正在处理，请稍后再试以取得其结果。
    .title = 请求正在处理
idempotency_key_reused = 该 Idempotency-Key 已用于另一地址或内容的请求，新的请求请使用新的键。
    .title = 幂等键已被使用

## 409 与 422 的总称

validation_failed = 提交的内容有误，请按所列各项改正。
    .title = 内容有误
guard_failed = 条件尚未满足，暂不能办理；原因逐项列出。
    .title = 条件未满足
illegal_transition = { $workflow }在当前状态（{ $state }）下不能进行此操作（{ $operation }）。
    .title = 当前状态下不能进行

## 内容各项

required = 此项必填。
unknown_member = 没有此项，或此项不能修改。
wrong_type = 此项的数据类型不正确。
too_short = 内容过短：至少 { $limit } 个字符。
too_long = 内容过长，请缩减。
too_small = 数值过小。
too_large = 数值过大。
too_few = 项数不足，请补充。
too_many = 项数过多：最多 { $limit } 项。
not_a_choice = 不在可选值之内。
wrong_format = 格式不正确。
duplicate = 内容重复，已在别处列出。
control_character = 不得含有控制字符。
invalid_check_digit = 校验码不正确，请核对号码。
masked_value = 此项为脱敏显示的内容，请填写真实内容，或不填此项以保持原值。
invalid = 此项内容不符合要求。
unknown_reference = 所引用的内容不存在。
not_in_the_past = 日期不得晚于今天。
not_in_the_future = 日期不得早于今天。
file_missing = 表单中没有文件，请以名为 file 的部分上传。
file_empty = 文件是空的。
file_type_not_allowed = 此处不接收扩展名为“{ $extension }”的文件。
file_type_mismatch = 文件名、声明的类型与内容不一致：按文件名应为 { $expected }。
file_unreadable = 文件已损坏，无法读取。
file_polyglot = 文件同时属于两种类型，或夹带其他内容。
file_active_content = 文件含有打开时会执行的内容（宏、脚本、内嵌文件或外部引用），请去除后重新保存。
file_encrypted = 文件已加密，无法检查，请去除密码后重新保存。
file_too_many_pixels = 图片超过 { $limit } 像素，请缩小后重新上传。
file_archive_bomb = 文件解压后过大。
file_unsafe_archive = 文件内部的路径不安全。
file_too_complex = 文件内部结构过于复杂，无法检查。
file_malware = 文件含有恶意软件特征。
file_name_bad = 文件名不合规范，请改名并保留与类型相符的扩展名。
digest_mismatch = 收到内容的 SHA-256 与声明的不一致，请重新发送。

## 账户

username_taken = 该用户名已被使用，请另选一个。
    .remedy = 换用其他用户名。
client_name_taken = 已有同名的机器客户端，请另选名称。
    .remedy = 换用其他名称。
roles_incompatible = 这些角色不能由同一账户兼任：审计管理员、系统管理员和安全管理员须单独设置。
role_needs_unit = 申报单位角色须指定单位，系统对接账户不得指定单位。
role_needs_supervisor = 监督员角色须指定监督员，其他角色不得指定监督员。
password_too_weak = 密码强度不足：至少 { $least } 个字符，须含大写字母、小写字母、数字、其他字符中的 { $classes } 类，不得包含用户名。
password_common = 该密码容易被猜中：属常用密码，或由本县、本账户的字词组成。
password_used_before = 新密码不得与最近 { $history } 个密码相同。
wrong_password = 当前密码不正确。
own_account = 不能对自己的账户办理此事，请由其他安全管理员办理。
    .remedy = 由其他安全管理员办理。
last_security_admin = 须至少保留一名可登录的安全管理员。
    .remedy = 先设立另一名安全管理员。
not_locked = 该账户未被锁定。
    .remedy = 无须办理。
second_factor_needed = 该账户的角色须有第二要素。
    .remedy = 请登记新的设备，登记后即替换原有的第二要素。
totp_not_offered = 没有等待确认的第二要素。
    .remedy = 请先取得密钥（enrol_totp）。
wrong_code = 验证码错误：请核对设备时间，并使用当前显示的验证码。
unit_code_taken = 该统一社会信用代码已登记在其他单位名下。
    .remedy = 核对代码，或修改已登记的单位。
citizen_id_taken = 该公民身份号码已登记。
    .remedy = 核对号码，或修改已登记的人员。

## 通知定义

weights_not_hundred = 各评选条件的权重之和须为 100，现为 { $sum }。
blend_not_hundred = 核查得分与年度考评的权重之和须为 100，现为 { $sum }。
criterion_out_of_order = 评选条件须从 1 起连续编号：此处应为 { $expected }，现为 { $number }。
category_code_repeated = 类别代码 { $category } 重复。
window_out_of_order = 日期先后有误：通知日期 { $issued_on }，受理开始 { $opens_on }，受理截止 { $closes_on }；开始不得早于通知，截止不得早于开始。
time_zone_not_supported = 不支持时区 { $time_zone }，请使用 { $supported }。
approval_basis_missing = 缺少批准依据：请写明文件，或所主张的豁免理由。
quota_above_ceiling = 名额 { $quota } 超过批准上限 { $ceiling }。
scope_does_not_fit = 评选范围“{ $scope }”与推荐对象“{ $nominee }”不相符。
form_missing = 单位申报的类别须有申报表。
form_not_allowed = 由县“五型”办评价的类别不设申报表。
form_not_a_schema = 申报表不是有效的 JSON Schema（2020-12）：{ $error }。
form_meaning_missing = 申报表缺少表示“{ $meaning }”的字段。
evaluation_missing = 由县“五型”办评价的类别，每项评选条件均须有计分规则。
evaluation_not_allowed = 单位申报的类别不设县“五型”办评价规则。
unknown_criterion = 本类别没有编号为 { $criterion } 的评选条件。
visits_missing = 单位申报的类别，每个推荐对象至少需要一份评分表。
visits_not_allowed = 由县“五型”办评价的类别不设实地核查评分，份数须为 0。
visits_too_few = 采用“{ $policy }”的，每个推荐对象至少需要 { $limit } 份评分表。
policy_needs_sheets = “{ $policy }”用于评分表；由县“五型”办评价的类别没有评分表。
share_rules_for_units = 推荐对象为单位的类别不设人员比例限制。
assessment_without_unit = 监督员没有年度考评，其权重须为 0。
not_yet_supported = 系统尚不支持此项设置（{ $feature }）。

## 评选活动

campaign_cancelled = 评选活动已取消，不再办理任何事项。
    .remedy = 评选活动已取消，无法再办理。
window_not_open = 申报受理尚未开始，将于 { $opens_at } 之后开始。
    .remedy = 等申报受理开始。
deadline_not_passed = 申报截止时间 { $deadline } 尚未到。
    .remedy = 等截止时间届满。
applications_undecided = 尚有 { $count } 份已提交的申报未作受理决定，请先受理、退回或不予受理。
    .remedy = 逐一受理、退回或不予受理。
corrections_open = 尚有退回补正的申报未到补正期限（{ $until }）。
    .remedy = 等补正期限届满，或等单位重新提交后办理。
applications_unverified = 尚有 { $count } 份已受理的申报未完成核查。
    .remedy = 完成其余评分，或说明理由免除（waive_visits），或取消资格。
categories_undecided = 以下类别尚无审定的名单：{ $categories }。
    .remedy = 审定各类别名单，或决定不予表彰（decide_no_award）。
archive_package_missing = 档案包尚未生成。
    .remedy = 先生成档案包。
campaign_has_applications = 评选活动已有申报，不能删除。
    .remedy = 改为取消评选活动（cancel_campaign）。
list_approved = 名单已经审定，不能再如此办理。
    .remedy = 审定之后只能撤销表彰（revoke_award）。
campaign_not_accepting = 评选活动当前处于“{ $phase }”阶段，不在申报受理阶段。
    .remedy = 在申报受理阶段办理。
campaign_not_verifying = 评选活动当前处于“{ $phase }”阶段，不在核查阶段。
    .remedy = 在核查阶段办理。
campaign_not_selecting = 评选活动当前处于“{ $phase }”阶段，不在评审阶段。
    .remedy = 在评审阶段办理。
campaign_not_open = 评选活动当前不在申报受理、核查或评审阶段。
    .remedy = 在申报受理、核查或评审阶段办理。
extensions_running = 尚有延期未到期，最晚至 { $until } 24:00。
    .remedy = 等延期届满。
extension_not_later = 延期须晚于目前的截止日期 { $until }。
campaign_sealed = 申报处于密封状态，启封之前不得查看或办理。
    .remedy = 截止之后由县“五型”办启封（open_campaign_seal）。
not_sealed = 本次评选的申报不设密封。
    .remedy = 无须启封，可直接办理。
seal_opened = 申报已经启封：不能重复启封，也不再准予延期。
    .remedy = 启封之后以现有截止日期为准。

## 申报

nominee_out_of_scope = 推荐对象不在本类别的评选范围内：{ $kind }不能申报。
    .remedy = 请在相符的类别申报。
route_not_declared = 本类别由县“五型”办评价产生，不接受申报。
    .remedy = 无须申报，由县“五型”办评价。
deadline_passed = 申报截止时间 { $deadline } 已过。
    .remedy = 如有正当理由，可向县“五型”办申请延期（grant_extension）。
correction_date_passed = 补正期限 { $deadline } 已过。
    .remedy = 如有正当理由，可向县“五型”办申请延期（grant_extension）。
stands_in_another_category = 推荐对象已在本次评选的其他类别中申报，只能参加一个类别。
    .remedy = 先撤回其他类别的申报。
per_unit_limit_reached = 本单位在本类别的申报已达上限（{ $limit }）。
    .remedy = 先撤回本单位在本类别的其他申报。
form_incomplete = 申报表尚未填写完整。
    .remedy = 补全申报表。
attachment_missing = 尚缺必备附件“{ $title }”。
    .remedy = 请上传该附件。
upload_offset_wrong = 上传应从第 { $offset } 字节继续。
    .remedy = 先查询上传进度，再从该处续传。
upload_over = 上传已经结束，无需继续。
    .remedy = 无需再发送。
upload_unfinished = 文件尚未上传完整。
    .remedy = 请先传完剩余部分。
file_quarantined = 病毒扫描发现问题，文件已隔离，不能下载。
    .remedy = 请另行上传无问题的文件。
award_revoked = 该表彰已撤销，不再出具证书。
    .remedy = 表彰已被撤销，不能再打印证书。
nothing_awarded = 尚未公布表彰，没有可打印的名单。
    .remedy = 公布表彰后再打印。
paper_copies_missing = 尚缺盖章纸质件：需要 { $needed } 份，已收到 { $received } 份。
    .remedy = 收到后登记纸质件（record_paper_receipt）。
paper_stale = 收到的纸质件与当前申报内容不一致：请按当前内容打印、盖章后重新登记。
    .remedy = 按当前内容重新打印、盖章并登记。
notice_closed = 名单的最后一次公示已经结束，不能再撤回。
    .remedy = 公示结束后不能撤回；确有情形的，由县“五型”办取消资格。
unknown_category = 评选活动没有此类别。
unit_inactive = 该单位已停用，不能申报。
    .remedy = 由县“五型”办恢复该单位。
own_unit_only = 只能以本单位名义申报：此处须为“{ $unit }”。
veto_in_force = 推荐对象在一票否决或负面清单有效期内（至 { $until }）。
    .remedy = 待期满，或由提供该否决的部门解除。
new_deeds_missing = 推荐对象上一次已获本类别表彰，须填写新的事迹。
    .remedy = 在申报表中填写上次表彰以来的新事迹。
field_locked = 退回补正时未开放此项，不能修改。
own_draft = 实行双人办理：填写申报的账户不得提交。
    .remedy = 由本单位的另一账户提交。
own_check = 实行双人办理：初核人不得复核本人的意见。
    .remedy = 由县“五型”办的另一账户复核。
own_unit_stake = 推荐对象属于本人所在单位，须回避。
    .remedy = 由无利害关系的人员办理。
own_nomination = 推荐对象即为本人，须回避。
    .remedy = 由无利害关系的人员办理。
recused = 已登记回避，不得参与。
    .remedy = 由其他人员办理，或由县“五型”办说明理由后解除回避。
no_sheet_counts = 没有一份有效的评分表，不能免除其余核查。
    .remedy = 至少提交一份有效的评分表。
reference_unsupported = 所引用的事项不存在，或不足以作为取消资格的依据。
no_place_vacant = 名单上没有空缺的名额。
    .remedy = 待名单上有人退出或被取消资格。
place_forfeited = 通知规定空缺名额不予递补。
    .remedy = 名额空缺，不再递补。

## 核查与评分

own_unit = 监督员须回避本单位的推荐对象。
    .remedy = 改派其他监督员。
supervisor_is_candidate = 该监督员本人参评本类别，不得参与本类别的评分。
    .remedy = 改派其他监督员。
already_assigned = 该监督员已承担此申报的核查任务。
    .remedy = 改派其他监督员。
supervisor_inactive = 该监督员不在任期内。
    .remedy = 改派在任的监督员。
application_not_accepted = 该申报不处于已受理状态，不能安排核查。
    .remedy = 先受理该申报，或删去此项任务。
sheet_submitted = 评分表已经提交。
    .remedy = 先退回评分表重填（reopen_score_sheet）。
not_confirmed = 核查任务尚未经县“五型”办确认。
    .remedy = 由县“五型”办确认（confirm_assignments）。
not_declared = 监督员须先声明无利害冲突；已回避的不再评分。
    .remedy = 先声明无利害冲突（declare_no_conflict）。
site_visit_missing = 尚无该监督员参加的实地核查记录，请先登记。
    .remedy = 登记实地核查（record_site_visit）。
sheet_incomplete = 第 { $criterion } 项评选条件尚未评完：请打分或注明无法评判，并写明理由。
    .remedy = 补全评分与理由。
participants_missing = 实地核查至少两人参加，其中至少一人为承担该申报核查任务的监督员（现登记 { $participants } 人）。
not_a_participant = 登记实地核查的监督员须为参加人员。
visit_record_in_use = 已提交的评分表以此核查记录为依据，相关监督员和申报不得更改。
    .remedy = 先退回有关评分表重填（reopen_score_sheet）。
finding_in_use = 评分表引用了将被删去的核查结论；结论可以修改，不得删去。
    .remedy = 保留该结论，或先在评分表中取消引用（save_score_sheet）。
deed_not_stated = 申报表的这一处没有填写内容。
clock_ahead = 填写时间比现在晚五分钟以上，请校准设备时钟。
dissent_needs_reason = 单位对核查有异议的，须写明理由。
ranking_in_use = 已有名单依据有关排名提出，退回名单之前不能更改。
    .remedy = 先退回名单（return_shortlist）。
nothing_planned = 没有待确认的核查任务。
    .remedy = 先编制核查计划（plan_assignments）。
plan_too_large = 核查计划规模过大，无法计算。
plan_inputs_changed = 编制期间，编制依据（申报、监督员、回避或核查任务）已有变化，计划未写入。
seed_from_draw = 随机种子由公开抽签得出，不能同时指定。
draw_missing = 通知已公布由“{ $draw }”决定核查任务，请填写抽签结果。
design_disconnected = 类别“{ $category }”按校准计分，而核查任务分为互不相连的 { $parts } 部分，分数无法比较。建议依次对调：{ $links }
    .title = 核查任务互不相连，无法校准
    .remedy = 按建议对调（update_assignment，任务编号见 get_assignment_plan），或重新编制计划。
out_of_term = 该日期不在监督员的任期内。
    .remedy = 改为任期内的日期。
supervisors_evaluated = 监督员本人参加优秀监督员评选，不审核履职记录，也不登记出席情况。
    .remedy = 由县“五型”办的其他人员办理。
already_recused = 已登记回避。
own_recusal = 他人为本人登记的回避，不得由本人解除。
    .remedy = 由县“五型”办的其他人员办理。

## 评审与审定

list_alive = 本类别已有在办的候选名单。
    .remedy = 修改现有名单，或请审定方退回。
assessment_missing = 缺少{ $nominee }的年度考评结果：请登记得分，或注明未参加考评及理由。
    .remedy = 登记年度考评（put_annual_assessment）。
tie_unresolved = 名额界线上有同分未定：请先确定先后次序并写明理由。
    .remedy = 确定先后次序（resolve_tie）。
no_tie = 没有需要确定次序的同分。
    .remedy = 无须办理。
tie_order_incomplete = 同分次序不完整：尚缺 { $missing } 个。
quota_exceeded = 名单 { $entries } 个，名额 { $quota } 个，超出 { $over_by } 个。
    .remedy = 减少名单人数。
surplus_missing = 差额不足：已核查 { $verified } 个，名单最多 { $allowed } 个，现有 { $entries } 个。
    .remedy = 减少名单人数。
leading_cadre_share = 领导干部比例超限：最多 { $allowed } 名，现有 { $present } 名，超出 { $over_by } 名。
    .remedy = 以非领导干部替换。
front_line_share = 基层一线比例不足：至少 { $needed } 名，现有 { $present } 名，尚缺 { $short_by } 名。
    .remedy = 增加基层一线人员。
departure_reason_missing = { $nominee }的取舍与排名不一致，须写明理由。
    .remedy = 写明理由，或按排名列入。
departure_without_cause = { $nominee }的取舍与排名一致，无须说明理由，请删去。
    .remedy = 删去该理由。
entry_not_standing = { $nominee }的申报已不再有效，请从名单中移出。
    .remedy = 从名单中移出（update_shortlist）。
ranking_changed = 名单形成之后排名已有变化，请按新的排名修改名单。
    .remedy = 按新的排名修改名单（update_shortlist）。
list_empty = 名单上没有有效的候选对象。
    .remedy = 列入候选对象，或决定不予表彰。
entry_unknown = 所列对象不在其中。
consent_missing = 公示名单须先经县政府（审定）同意。
    .remedy = 请审定方同意公示（endorse_shortlist）。
calendar_missing = 缺少 { $year } 年的工作日历，无法计算工作日；请先录入。
    .remedy = 录入该年工作日历（put_workday_calendar）。
notice_running = 公示期尚未结束，截止时间为 { $until }。
    .remedy = 等公示期满。
not_noticed = { $nominee }尚未经过期满的公示。
    .remedy = 公示该对象（publish_notice），待期满。
own_proposal = 提出名单的人不得审定该名单，请由他人办理。
    .remedy = 由其他审定人员办理。
notice_not_closed = 名单的公示尚未结束。
    .remedy = 期满后结束公示（close_notice）。
meeting_incomplete = 参会人员须逐一写明姓名；回避人员不得列入参会人员。
declined_all = 不能对名单上的全部对象不予表彰；如有此意，请退回名单。
category_decided = 本类别已决定不予表彰。
    .remedy = 不再提出名单。
list_not_proposed = 本类别没有在审的候选名单。
    .remedy = 先提出候选名单。
entry_vetoed = { $nominee }在一票否决或负面清单有效期内（至 { $until }）。
    .remedy = 取消其资格，或由提供该否决的部门解除。
vetting_missing = 尚未就{ $nominee }征求部门意见（{ $department }）。
    .remedy = 发出征求意见（request_vetting）。
vetting_open = { $department }尚未就{ $nominee }答复。
    .remedy = 请该部门答复（record_vetting_opinion）。
vetting_concern_open = { $department }对{ $nominee }提出的意见尚未办结。
    .remedy = 核实并记录处理结果（resolve_vetting_concern），或取消其资格。
vetting_veto = { $department }对{ $nominee }予以否决。
    .remedy = 取消其资格（disqualify_application）。
due_too_early = 部门答复期限不得早于 { $earliest }。
vetting_over = 对该推荐对象的意见征求已经结束。
    .remedy = 无需再答复；确有情况需要反映的，请与县“五型”办联系。
nobody_to_ask = 已就名单上的每个推荐对象征求过各部门意见。
    .remedy = 另行指定部门，或等候答复。
not_a_department = 只有县政府部门和县直（驻县）单位可以提供一票否决事项。
    .remedy = 由掌握情况的部门登记，或报县“五型”办登记。
not_the_supplier = 只有提供该否决的部门可以解除。
    .remedy = 由该部门办理。
notice_withdrawn = 公示已撤回。
    .remedy = 如有新的公示，请对新的公示提出。
objections_closed = 名单已经审定，不再受理异议。
    .remedy = 可依法另行反映。
objections_open = 尚有 { $count } 件异议未答复。
    .remedy = 指定调查人并答复（assign_objection、resolve_objection）。
objection_not_carried_out = 对{ $nominee }的异议已经成立，尚未取消其资格。
    .remedy = 取消其资格（disqualify_application）。
not_the_investigator = 只有指定的调查人可以办理。
    .remedy = 由调查人办理，或另行指定（assign_objection）。
investigator_has_stake = 该人员与推荐对象有利害关系，不能担任调查人。
objector_anonymous = 异议系匿名提出，没有姓名可查看。
    .remedy = 匿名异议作为线索办理。
objection_names_another = 异议本身所指的是另一推荐对象。
consequence_not_asked = 只有部分成立的异议才需选择处理意见。

## 单位类别

unit_kind-township = 乡镇
unit_kind-zone_committee = 开发区、城市社区管委会
unit_kind-department = 县政府部门
unit_kind-county_direct = 县直（驻县）单位

## 推荐对象

nominee_kind-unit = 单位
nominee_kind-person = 个人
nominee_kind-supervisor = 监督员
file_kind-pdf = PDF 文档
file_kind-jpeg = JPEG 图片
file_kind-png = PNG 图片
file_kind-docx = Word 文档
file_kind-xlsx = Excel 工作簿
file_kind-ofd = OFD 文档
file_kind-mp4 = MP4 视频
attachment_state-uploading = 上传中
attachment_state-stored = 已保存
attachment_state-quarantined = 已隔离
paper_kind-application = 申报表
paper_kind-certificate = 荣誉证书
paper_kind-award_list = 表彰名单
paper_kind-notice = 评选通知

## 评选范围

scope_item-township = 各乡镇
scope_item-zone_committee = 开发区、城市社区管委会
scope_item-department = 县政府各部门
scope_item-county_direct = 县直（驻县）各单位
scope_item-supervisors = 监督员

## 产生方式

route-self_declared = 单位申报推荐
route-office_evaluated = 县“五型”办评价

## 计分办法

scoring_policy-mean = 平均分
scoring_policy-trimmed_mean = 去掉一个最高分和一个最低分后的平均分
scoring_policy-calibrated = 校正评分宽严后的得分

## 履职记录类别

duty_kind-supervision = 开展监督
duty_kind-liaison = 联络
duty_kind-advice = 参谋建议
duty_kind-publicity = 宣传

## 角色

role-unit = 申报单位
role-supervisor = 监督员
role-office = 县“五型”办
role-approver = 县政府（审定）
role-auditor = 审计管理员
role-admin = 系统管理员
role-security_admin = 安全管理员

scope-county_read = 读取单位和工作日历
scope-campaigns_read = 读取已发布的评选活动和类别
scope-awards_read = 读取已公布的表彰

## 流程

workflow-campaign = 评选活动
workflow-application = 申报
workflow-assignment = 核查任务
workflow-score_sheet = 评分表
workflow-shortlist = 候选名单
workflow-public_notice = 公示
workflow-duty_record = 履职记录
workflow-recusal = 回避
workflow-vetting_request = 征求意见
workflow-veto = 一票否决
workflow-objection = 异议
workflow-account = 账户

## 评选活动的阶段

campaign_state-draft = 草稿
campaign_state-published = 已发布
campaign_state-accepting = 申报受理
campaign_state-verifying = 核查
campaign_state-selecting = 评审
campaign_state-announced = 已公布
campaign_state-archived = 已归档
campaign_state-cancelled = 已取消

## 申报的状态

application_state-draft = 草稿
application_state-submitted = 已提交
application_state-returned = 退回补正
application_state-accepted = 已受理
application_state-rejected = 不予受理
application_state-verified = 已核查
application_state-shortlisted = 入选候选名单
application_state-not_shortlisted = 未入选候选名单
application_state-awarded = 已表彰
application_state-not_awarded = 未表彰
application_state-disqualified = 取消资格
application_state-withdrawn = 已撤回
application_state-revoked = 已撤销表彰

## 核查任务的状态

assignment_state-planned = 拟安排
assignment_state-confirmed = 已确认
assignment_state-cleared = 已声明无利害冲突
assignment_state-recused = 已回避

## 评分表的状态

score_sheet_state-draft = 草稿
score_sheet_state-submitted = 已提交

## 候选名单的状态

shortlist_state-draft = 草稿
shortlist_state-proposed = 已提出
shortlist_state-endorsed = 已同意公示
shortlist_state-noticed = 已公示
shortlist_state-approved = 已审定
shortlist_state-returned = 已退回

## 公示的状态

public_notice_state-published = 公示中
public_notice_state-closed = 公示期满
public_notice_state-withdrawn = 已撤回

## 履职记录的状态

duty_record_state-submitted = 待审核
duty_record_state-approved = 审核通过
duty_record_state-declined = 未通过

## 回避

recusal_state-proposed = 系统提示
recusal_state-in_force = 生效
recusal_state-lifted = 已解除
recusal_kind-own_unit = 本单位
recusal_kind-former_unit = 曾任职单位
recusal_kind-relative = 亲属
recusal_kind-superior = 上下级
recusal_kind-declared_interest = 自行申明的利害关系
recusal_kind-manual = 其他

## 征求意见

vetting_state-requested = 征求中
vetting_state-no_objection = 无意见
vetting_state-concern = 有意见
vetting_state-veto = 否决
vetting_state-resolved = 意见已办结
silence-blocks = 逾期不答视为未答复
silence-consents = 逾期不答视为同意
repeat_award-allowed = 可以重复表彰
repeat_award-new_deeds = 重复表彰须有新事迹

## 一票否决

veto_state-recorded = 已登记
veto_state-lifted = 已解除
veto_field-environment = 生态环境
veto_field-safety = 安全生产
veto_field-discipline = 党风廉政
veto_field-public_order = 综治维稳
veto_field-petitions = 信访
veto_field-credit = 失信
veto_field-other = 其他

## 异议

objection_state-filed = 已收到
objection_state-investigating = 调查中
objection_state-upheld = 成立
objection_state-partly = 部分成立
objection_state-rejected = 不成立
consequence-keep = 保留资格
consequence-disqualify = 取消资格
disqualification_ground-objection = 异议成立
disqualification_ground-vetting = 部门否决
disqualification_ground-veto = 一票否决
disqualification_ground-site_finding = 实地核查发现
check_verdict-accept = 拟受理
check_verdict-reject = 拟不予受理

## 账户的状态

account_state-active = 启用
account_state-disabled = 停用

## 表彰的状态

award_state-awarded = 有效
award_state-revoked = 已撤销

## 被核查单位的意见

finding_verdict-confirmed = 属实
finding_verdict-partly = 部分属实
finding_verdict-not_confirmed = 不属实
verdict-confirms = 无异议
verdict-dissents = 有异议

## 核查任务的安排办法

plan_method-plain = 随机均分
plan_method-balanced = 均衡搭配
plan_method-optimal = 综合最优
repeat_pairs-avoided = 尽量避开
repeat_pairs-barred = 一律排除
conflict_reason-own_unit = 本单位
conflict_reason-candidate = 本人参评
conflict_reason-recused = 已回避
conflict_reason-last_year = 上年已核查该单位
plan-cut = { $nominees }共需 { $wanted } 份评分，只剩 { $supervisors } 名无回避监督员，最多 { $possible } 份。
plan-cut-of-many = { $nominees }等 { $count } 个对象共需 { $wanted } 份评分，只剩 { $supervisors } 名无回避监督员，最多 { $possible } 份。

## 谁可调用

who-public = 公众
who-logged_in = 已登录用户
who-client = 机器客户端

## 范围

reach-all = 全部
reach-own = 本人或本单位
reach-assigned = 分派给本人和关于本人的
reach-declared = 他人草稿除外
reach-entered = 代单位录入的
reach-published = 已公布的
reach-names = 仅名称和编号

## 申报表字段的含义

meaning-unit_name = 单位名称
meaning-nominee_name = 推荐对象姓名
meaning-post = 职务
meaning-citizen_id = 公民身份号码
meaning-phone = 联系电话
meaning-birth_month = 出生年月
meaning-leading_cadre = 是否领导干部
meaning-front_line = 是否基层一线
meaning-new_deeds = 上次表彰以来的新事迹

## 对象

object_kind-user = 账户
object_kind-session = 登录
object_kind-client = 机器客户端
object_kind-audit_log = 审计日志
object_kind-job = 后台任务
object_kind-unit = 单位
object_kind-supervisor = 监督员
object_kind-campaign = 评选活动
object_kind-workday_calendar = 工作日历
object_kind-application = 申报
object_kind-assignment = 核查任务
object_kind-site_visit = 实地核查
object_kind-score_sheet = 评分表
object_kind-annual_assessment = 年度考评
object_kind-duty_record = 履职记录
object_kind-ranking = 排名
object_kind-shortlist = 候选名单
object_kind-public_notice = 公示
object_kind-award = 表彰
object_kind-extension = 延期
object_kind-recusal = 回避
object_kind-thematic_activity = 专题活动
object_kind-no_award = 不予表彰的决定
object_kind-vetting_request = 征求意见
object_kind-veto = 一票否决
object_kind-objection = 异议

## 须满足的条件：评选活动

guard-definition_complete = 通知定义完整，受理期先后无误
guard-window_opened = 申报受理已经开始
guard-deadline_passed = 最后的申报截止时间已过
guard-none_undecided = 已提交的申报均已作出受理决定
guard-no_correction_open = 没有仍在补正期限内的退回申报
guard-all_verified = 已受理的申报均已核查
guard-all_decided = 每个类别均有审定的名单
guard-package_made = 档案包已经生成
guard-no_list_approved = 尚无名单经审定
guard-no_extension_running = 没有未到期的延期
guard-seal_opened = 申报未密封或已启封
guard-sealed = 申报设有密封
guard-seal_unbroken = 申报尚未启封

## 须满足的条件：申报

guard-campaign_alive = 评选活动未取消
guard-drafts_open = 评选活动已发布或正在受理申报
guard-accepting = 评选活动正在受理申报
guard-verifying = 评选活动处于核查阶段
guard-route_declared = 本类别由单位申报推荐
guard-nominee_in_scope = 推荐对象在本类别的评选范围内
guard-deadline_open = 申报截止时间或补正期限未过
guard-form_valid = 申报表填写完整、内容有效
guard-stands_nowhere_else = 推荐对象未参加其他类别
guard-under_unit_limit = 本单位在本类别的申报未达上限
guard-paper_received = 已收到与当前内容一致的盖章纸质件
guard-notice_open = 名单的最后一次公示尚未结束
guard-list_not_approved = 所在名单尚未审定
guard-no_stake = 办理人无利害关系
guard-no_stake_in_category = 办理人与该类别各候选对象均无利害关系
guard-no_veto = 推荐对象无有效的一票否决
guard-new_deeds_given = 上次获表彰的已填写新事迹
guard-not_writer = 提交人不是填写人（双人办理）
guard-accepted_by_another = 受理由另一人复核（双人办理）
guard-rejected_by_another = 不予受理由另一人复核（双人办理）
guard-sheet_counts = 至少有一份有效的评分表
guard-substitution_allowed = 通知允许递补
guard-place_vacant = 名单上有空缺名额
guard-shares_kept = 递补后仍符合结构比例

## 须满足的条件：核查任务与评分表

guard-application_accepted = 申报处于已受理状态
guard-supervisor_in_office = 监督员在任期内
guard-not_own_unit = 监督员不属于推荐对象的单位
guard-not_candidate = 监督员本人未参评本类别
guard-not_assigned_yet = 监督员尚未承担该申报的核查任务
guard-no_sheet_submitted = 尚未提交评分表
guard-not_recused = 监督员未回避
guard-assignment_cleared = 监督员已声明无利害冲突
guard-site_visit_recorded = 已有该监督员参加的实地核查记录
guard-sheet_complete = 每项评选条件均已打分或注明无法评判，并写明理由
guard-ranking_free = 尚无名单依据该排名提出

## 须满足的条件：候选名单与公示

guard-selecting = 评选活动处于评审阶段
guard-no_other_list = 本类别没有其他在办的名单
guard-not_empty = 名单上有候选对象
guard-within_quota = 名单不超过名额
guard-surplus_left = 名单留足规定的差额
guard-shares_hold = 名单符合人员比例规定
guard-departures_reasoned = 与排名不一致之处均已写明理由
guard-entries_standing = 名单上的申报均仍有效
guard-ranking_current = 排名与名单形成时一致
guard-assessments_present = 计入总分的年度考评均已登记
guard-ties_resolved = 名额界线上没有未定的同分
guard-not_proposer = 办理人不是名单的提出人
guard-consent_given = 按规定须经同意的，县政府（审定）已同意公示
guard-calendar_known = 公示期所需的工作日历已录入
guard-notice_closed = 最后一次公示已经结束
guard-entries_noticed = 名单上的对象均经过期满的公示
guard-not_decided_without_award = 本类别未决定不予表彰
guard-no_veto_in_force = 名单上无有效的一票否决
guard-vetting_done = 部门意见齐全且已办结
guard-objections_answered = 异议均已答复
guard-upheld_carried_out = 成立的异议均已落实
guard-period_over = 公示期已满
guard-campaign_open = 评选活动处于申报受理、核查或评审阶段
guard-not_bound = 不是他人为本人登记的回避
guard-list_under_way = 本类别有在审的候选名单
guard-supplies_vetoes = 由县政府部门、县直（驻县）单位或县“五型”办登记
guard-is_supplier = 由提供该否决的部门办理
guard-notice_stands = 公示未撤回
guard-list_undecided = 名单尚未审定
guard-is_investigator = 由指定的调查人办理
guard-objector_named = 异议人已署名

## 须满足的条件：履职记录与账户

guard-in_term = 该日期在监督员的任期内
guard-not_supervisor = 办理人不是监督员
guard-not_oneself = 不是停用自己的账户
guard-security_admin_left = 仍有至少一名可登录的安全管理员
guard-locked = 因密码错误次数过多已被锁定

## 操作：登录与账户

operation-login = 登录
operation-oidc_start = 开始单点登录
operation-oidc_callback = 完成单点登录
operation-verify_second_factor = 出示第二要素
operation-refresh_session = 续期登录
operation-logout = 退出登录
operation-get_me = 查看当前账户
operation-get_application_document = 打印申报表
operation-list_attachments = 查看附件列表
operation-upload_attachment = 上传附件
operation-get_attachment = 查看附件信息
operation-download_attachment = 下载附件
operation-delete_attachment = 删除附件
operation-get_upload_offset = 查询上传进度
operation-resume_upload = 续传附件
operation-get_certificate = 打印荣誉证书
operation-get_award_list_document = 打印表彰名单
operation-get_notice_document = 打印评选通知
operation-check_document = 核验打印件
operation-get_import_template = 下载导入模板
operation-create_export = 申请导出
operation-create_import = 申请导入
operation-list_jobs = 任务列表
operation-get_job = 查看任务
operation-download_job_result = 下载任务结果
operation-cancel_job = 取消任务
operation-finish_job = 结束任务
operation-change_password = 修改密码
operation-list_sessions = 查看本人会话
operation-revoke_session = 结束本人会话
operation-enrol_totp = 登记第二要素
operation-confirm_totp = 确认第二要素
operation-remove_totp = 取消第二要素
operation-get_jwks = 查看公钥集
operation-list_clients = 查看机器客户端列表
operation-create_client = 新建机器客户端
operation-rotate_client_secret = 更换机器客户端密钥
operation-delete_client = 删除机器客户端
operation-issue_token = 机器客户端取令牌
operation-list_users = 查看账户列表
operation-create_user = 新建账户
operation-get_user = 查看账户
operation-update_user = 修改账户
operation-disable_user = 停用账户
operation-enable_user = 启用账户
operation-reset_user_password = 重置密码
operation-unlock_user = 解除锁定

## 操作：单位、监督员与公开

operation-list_units = 查看单位列表
operation-create_unit = 新建单位
operation-get_unit = 查看单位
operation-update_unit = 修改单位
operation-list_supervisors = 查看监督员列表
operation-create_supervisor = 新建监督员
operation-get_supervisor = 查看监督员
operation-update_supervisor = 修改监督员
operation-list_audit_events = 查看审计记录
operation-forget_audit_events = 清理到期的安全事件
operation-get_workflow = 查看流程
operation-list_enumerations = 查看选项

## 操作：评选活动

operation-list_campaigns = 查看评选活动列表
operation-create_campaign = 新建评选活动
operation-get_campaign = 查看评选活动
operation-update_campaign = 修改评选活动草稿
operation-delete_campaign = 删除评选活动草稿
operation-advance_campaign = 推进到下一阶段
operation-cancel_campaign = 取消评选活动
operation-list_categories = 查看类别列表
operation-get_category = 查看类别
operation-get_category_form = 查看申报表
operation-get_workday_calendar = 查看工作日历
operation-put_workday_calendar = 录入工作日历
operation-open_acceptance = 开始受理申报
operation-open_evaluations = 开始监督员评价
operation-lapse_application = 逾期失效
operation-erase_personal_data = 清除已结束评选的个人信息

## 操作：申报

operation-list_applications = 查看申报列表
operation-create_application = 新建申报
operation-get_application = 查看申报
operation-update_application = 修改申报
operation-delete_application = 删除申报草稿
operation-submit_application = 提交申报
operation-withdraw_application = 撤回申报
operation-return_application = 退回补正
operation-accept_application = 受理申报
operation-reject_application = 不予受理
operation-check_application = 检查申报
operation-get_application_history = 查看申报经过
operation-reveal_personal_data = 查看个人信息
operation-record_paper_receipt = 登记纸质件
operation-waive_visits = 免除其余核查
operation-disqualify_application = 取消资格
operation-substitute_application = 递补
operation-revoke_award = 撤销表彰

## 操作：核查与评分

operation-plan_assignments = 安排核查任务
operation-get_assignment_plan = 查看核查计划
operation-confirm_assignments = 确认核查任务
operation-list_assignments = 查看核查任务列表
operation-create_assignment = 添加核查任务
operation-update_assignment = 调整核查任务
operation-delete_assignment = 删除核查任务
operation-declare_no_conflict = 声明无利害冲突
operation-declare_recusal = 回避
operation-record_site_visit = 登记实地核查
operation-get_site_visit = 查看实地核查
operation-list_site_visits = 查看实地核查列表
operation-get_score_sheet = 查看评分表
operation-save_score_sheet = 保存评分表
operation-submit_score_sheet = 提交评分表
operation-reopen_score_sheet = 退回评分表
operation-list_annual_assessments = 查看年度考评列表
operation-put_annual_assessment = 登记年度考评
operation-list_duty_records = 查看履职记录列表
operation-create_duty_record = 填写履职记录
operation-review_duty_record = 审核履职记录

## 操作：评审与审定

operation-get_ranking = 查看排名
operation-explain_ranking_entry = 查看排名说明
operation-what_if_ranking = 假设试算排名
operation-get_scoring_diagnostics = 查看打分诊断
operation-resolve_tie = 确定同分次序
operation-list_shortlists = 查看候选名单列表
operation-get_shortlist = 查看候选名单
operation-create_shortlist = 拟定候选名单
operation-update_shortlist = 修改候选名单
operation-propose_shortlist = 提出候选名单
operation-endorse_shortlist = 同意公示
operation-approve_shortlist = 审定候选名单
operation-return_shortlist = 退回候选名单
operation-decide_no_award = 决定不予表彰
operation-publish_notice = 发布公示
operation-close_notice = 结束公示

## 操作：表彰与公众查询

operation-list_awards = 查看表彰列表
operation-get_award = 查看表彰
operation-list_public_notices = 查看公示列表
operation-get_public_notice = 查看公示
operation-list_public_awards = 查询表彰名册
operation-verify_certificate = 查验证书
operation-copy_campaign = 复制评选活动
operation-dry_run_campaign = 试算通知定义
operation-open_campaign_seal = 启封申报
operation-list_extensions = 延期列表
operation-grant_extension = 准予延期
operation-get_campaign_statistics = 评选统计
operation-propose_recusals = 系统提示回避
operation-get_application_evidence = 查看申报的事迹佐证
operation-get_application_changes = 申报变更对照
operation-list_recusals = 回避列表
operation-lift_recusal = 解除回避
operation-list_thematic_activities = 专题活动列表
operation-create_thematic_activity = 新增专题活动
operation-record_attendance = 登记出席
operation-adjust_points = 加减分
operation-list_vetting_requests = 征求意见列表
operation-request_vetting = 征求部门意见
operation-record_vetting_opinion = 答复征求意见
operation-resolve_vetting_concern = 办结部门意见
operation-list_vetoes = 一票否决列表
operation-record_veto = 登记一票否决
operation-lift_veto = 解除一票否决
operation-list_objections = 异议列表
operation-get_objection = 查看异议
operation-assign_objection = 指定调查人
operation-resolve_objection = 答复异议
operation-reveal_objector = 查看异议人
operation-file_objection = 提出异议
operation-follow_objection = 查询异议

## 操作：系统运行

operation-liveness = 存活检查
operation-readiness = 就绪检查
operation-security_txt = 查看安全联系方式
operation-openapi_document = 查看接口文档
operation-swagger_ui = 打开接口文档页面
operation-problem_page = 查看错误说明

## 排名的说明

explain-score-blended = 核查得分 { $verified }（有效评分表 { $counted } 份）占 { $verified_weight }%，年度考评 { $assessment } 占 { $assessment_weight }%，合计 { $score }。
explain-score-verified = 得分 { $score } 即核查得分（有效评分表 { $counted } 份）。
explain-score-not_assessed = 县里不对该单位作年度考评，核查得分 { $verified }（有效评分表 { $counted } 份）全额计入，得分 { $score }。
explain-score-evaluated = 县“五型”办按履职记录评价，得分 { $score }。
explain-score-attended = 县“五型”办按履职记录和参加专题活动情况（{ $attended } 次）评价，得分 { $score }。
explain-score-adjusted = 县“五型”办加减分 { $adjustment }，调整后得分 { $score }。
explain-score-missing = 核查得分 { $verified }，年度考评结果尚未登记，暂无得分。
explain-score-no_sheets = 没有有效的评分表（已提交 { $sheets } 份），暂无得分。
explain-verified-mean = 核查得分 { $verified } 为有效评分表得分（{ $composites }）的平均分。
explain-verified-evaluated = { $verified } 为各项评选条件履职得分按权重的平均。
explain-verified-attended = { $verified } 为各项评选条件履职得分按权重的平均，加参加专题活动（{ $attended } 次）的得分。
explain-verified-none = 没有有效的评分表，暂无核查得分。
explain-assessment-assessed = 年度考评 { $assessment }，占 { $weight }%。
explain-assessment-not_assessed = 县里不对该单位作年度考评，核查得分全额计入。
explain-assessment-not_blended = 本类别不计入年度考评。
explain-assessment-missing = 年度考评结果尚未登记。
feedback-duty = { $kind }：审核通过 { $approved } 条，其中建议被采纳 { $adopted } 条。
explain-criterion-mean = 第 { $criterion } 项评选条件：有效评分表中有 { $judged } 份评分（{ $points }），平均 { $mean }。
explain-criterion-evaluated = 第 { $criterion } 项评选条件：按履职记录得 { $mean } 分。
explain-criterion-not_judged = 第 { $criterion } 项评选条件：没有有效的评分表对此评分。
explain-sheet-counts = 已评条件的权重为 { $judged_weight }（共 { $whole_weight }），按权重平均得 { $composite }，计入。
explain-sheet-not_counted = 已评条件的权重为 { $judged_weight }（共 { $whole_weight }），不足一半，不计入。
explain-rank-alone = 得分 { $score }，在 { $nominees } 个推荐对象中列第 { $rank } 位。
explain-rank-decided = 得分 { $score }，同分者按{ $stages }区分，在 { $nominees } 个推荐对象中列第 { $rank } 位。
explain-rank-tied = 得分 { $score }，同分次序未定，在 { $nominees } 个推荐对象中并列第 { $rank } 位。
explain-rank-no_score = 暂无得分，在 { $nominees } 个推荐对象中排在最后（第 { $rank } 位）。
explain-stage-criterion = 第 { $criterion } 项评选条件的得分
explain-stage-annual_assessment = 年度考评
explain-stage-resolved = 县“五型”办确定的次序
explain-verified-trimmed = 核查得分 { $verified }：有效评分表去掉一个最高分和一个最低分（共 { $left_out } 份）后，其余得分（{ $composites }）的平均分。
explain-verified-calibrated = 核查得分 { $verified }：每个打分先减去打分人的尺度差，再取平均（打分为 { $composites }）。
explain-verified-too_few = 有效评分表不足五份，不去掉最高分和最低分，核查得分 { $verified } 为得分（{ $composites }）的平均分。
explain-verified-not_official = 校准条件不足，校准分仅供参考，核查得分 { $verified } 为有效评分表得分（{ $composites }）的平均分。
explain-criterion-calibrated = 第 { $criterion } 项评选条件：有效评分表中有 { $judged } 份评分（{ $points }），减去打分人的尺度差后平均 { $mean }。
explain-raw_mean = 原始均分 { $figure }：各督导员打分的加权平均，未作任何调整。
explain-calibrated = 校准分 { $figure }：每个打分先减去打分人的尺度差，再取平均。
explain-error = 误差 { $error } 分：换一组同样认真的督导员再走一遍，分数大约会变动这么多。
explain-probability = 入选把握 { $share }%：把打分误差重演 { $draws } 次，进入前 { $places } 名的次数占比。
explain-rank_interval = 名次区间为第 { $first } 至第 { $last } 名：重演中 90% 的名次落在这个范围。
explain-zone-secure = 稳入：入选把握在九成以上。
explain-zone-borderline = 临界：入选把握在一成到九成之间，宜补充核查或集体讨论，并记录理由。
explain-zone-outside = 未入：入选把握不足一成。
explain-sheet-generous = 与看过同一批单位的同事相比，该督导员平均偏高 { $leniency } 分，减去后为 { $adjusted } 分。
explain-sheet-strict = 与看过同一批单位的同事相比，该督导员平均偏低 { $leniency } 分，补上后为 { $adjusted } 分。
explain-sheet-level = 与看过同一批单位的同事相比，该督导员宽严相当，仍为 { $adjusted } 分。
explain-scale-generous = 与看过同一批单位的同事相比，平均偏高 { $leniency } 分（误差 { $error } 分）。
explain-scale-strict = 与看过同一批单位的同事相比，平均偏低 { $leniency } 分（误差 { $error } 分）。
explain-scale-level = 与看过同一批单位的同事相比，宽严相当（误差 { $error } 分）。
explain-flag-ask_for_evidence = 该分数与其他人对该单位、该人对其他单位的打分都对不上（t = { $t }），请补充佐证。
explain-flag-must_explain = 该分数与其他人对该单位、该人对其他单位的打分明显对不上（t = { $t }），应当说明理由。
explain-design-whole = 设计质量 { $share }%：督导员交叉程度达到理论最好值的百分之几；低于 50% 不做校准。
explain-design-apart = 核查分成互不交叉的 { $components } 片，片与片之间的分数无法比较，不做校准。
explain-official = 校准分为正式得分，原始均分一并列出。
explain-not_official = 校准分仅供参考，正式得分为原始均分。
explain-boundary-clear = 最后一名入选者与第一名未入选者相差 { $gap } 分（误差 { $error } 分），差别明显。
explain-boundary-open = 最后一名入选者与第一名未入选者相差 { $gap } 分（误差 { $error } 分），分不出高下。
explain-agreement = 督导员打分的一致程度（克里彭多夫 α）为 { $before }，减去各人尺度差后为 { $after }：两者之差来自宽严不同，而不是看法不同。
explain-extra_visit = 对该对象再核查一次，预计可使评选结果改进 { $gain } 分。
obstacle-disconnected = 核查分成互不交叉的 { $given } 片，至少要由同一名督导员连成一片。
obstacle-few_degrees_of_freedom = 除每个对象的第一份外，评分表只有 { $given } 份，至少要 { $limit } 份。
obstacle-few_visits = 督导员{ $supervisor }只有 { $given } 份评分表，至少要 { $limit } 份。
obstacle-poor_design = 督导员交叉程度只有理论最好值的 { $given_percent }%，至少要 { $limit_percent }%。
obstacle-no_sheet_counts = 还没有有效的评分表。
obstacle-single_visits = 每个对象只有一份有效的评分表，分不出督导员的宽严。
obstacle-visited_twice = 有督导员对同一对象提交了两份评分表。
obstacle-too_many = 对象或督导员为 { $given }，最多 { $limit }，无法计算。
obstacle-not_determined = 现有评分表不足以算出督导员的宽严。
report-title = 核查报告
report-places = 一、排名
report-scales = 二、督导员尺度
report-findings = 三、疑点
report-findings-said = 以下各项供核对，不是结论。
report-nothing_found = 没有发现疑点。
report-simulation = 入选把握和名次区间由种子 { $seed } 重演 { $draws } 次得出，任何人可以重算。
report-digest = 排名摘要 { $digest }
report-column-rank = 名次
report-column-nominee = 推荐对象
report-column-score = 得分
report-column-raw_mean = 原始均分
report-column-calibrated = 校准分
report-column-error = 误差
report-column-probability = 入选把握
report-column-interval = 名次区间
report-column-zone = 判断
report-column-supervisor = 督导员
report-column-sheets = 评分表
report-column-leniency = 尺度（分）
explain-finding-outlying_visit = { $supervisors }对{ $nominees }的打分与其他人的打分对不上（t = { $measure }），请补充佐证。
explain-finding-one_sided-for = { $supervisors }对{ $nominees }的打分平均高出 { $size } 分，其余打分解释不了。
explain-finding-one_sided-against = { $supervisors }对{ $nominees }的打分平均低了 { $size } 分，其余打分解释不了。
explain-finding-scale = { $supervisors }拉开分数的幅度是其他人的 { $measure } 倍。
explain-finding-identical_scores = { $supervisors }的 { $sheets } 份评分表各项分数完全相同（{ $nominees }）。
explain-finding-close_in_time = { $supervisors }提交{ $nominees }的评分表只隔 { $measure } 分钟。
explain-finding-no_proof = { $supervisors }对{ $nominees }的核查没有照片为证。
explain-finding-reciprocal = { $supervisors }互相给对方单位偏高的分（{ $nominees }）。
chart-ranking = 排名与名次区间
chart-scales = 督导员尺度
chart-scale-interval = 95% 的把握落在这个范围
chart-leniency = 比同事平均偏高（+）或偏低（-）的分数
chart-scale = { $leniency } 分（{ $sheets } 份）
chart-rank = 名次（竖线为名额：{ $places }）
chart-place = { $score } 分，{ $share }%
chart-score = 得分
chart-with_place = 前 { $places } 名
chart-without_place = 其他
obstacle_kind-disconnected = 核查互不交叉
obstacle_kind-few_degrees_of_freedom = 评分表太少
obstacle_kind-few_visits = 督导员的评分表太少
obstacle_kind-poor_design = 督导员交叉不足
obstacle_kind-no_sheet_counts = 没有有效的评分表
obstacle_kind-single_visits = 每个对象只有一份评分表
obstacle_kind-visited_twice = 重复评分
obstacle_kind-too_many = 数量过多
obstacle_kind-not_determined = 无法确定
design_grade-good = 良好
design_grade-weak = 偏弱
design_grade-poor = 不足
zone-secure = 稳入
zone-borderline = 临界
zone-outside = 未入
sheet_flag-ask_for_evidence = 补充佐证
sheet_flag-must_explain = 说明理由
lambda_status-given = 指定
lambda_status-interior = 由评分表估计
lambda_status-lower = 估计值在下限：几乎没有误差
lambda_status-upper = 估计值在上限：宽严几乎没有差别
lambda_status-perfect_agreement = 打分完全一致
finding_kind-outlying_visit = 可疑打分
finding_kind-one_sided = 偏向一方
finding_kind-scale = 分数幅度异常
finding_kind-identical_scores = 分数雷同
finding_kind-close_in_time = 提交间隔过短
finding_kind-no_proof = 没有照片
finding_kind-reciprocal = 互相偏高

## 年度考评的登记情况

assessment_status-not_blended = 不计入
assessment_status-missing = 尚未登记
assessment_status-not_assessed = 未参加考评
assessment_status-assessed = 已登记

## 同分的区分依据

tie_stage-criterion = 评选条件的得分
tie_stage-annual_assessment = 年度考评
tie_stage-resolved = 县“五型”办确定的次序

## 名单与排名的不一致

departure_kind-passed_over = 名次在前而未列入
departure_kind-put_in = 名次在后而列入
departure_kind-without_cause = 与排名一致而说明了理由

## 证书查验

certificate-awarded = 证书 { $number } 有效：{ $honouree }获“{ $title }”表彰。
certificate-revoked = 证书 { $number } 已失效：授予{ $honouree }的“{ $title }”表彰已由 { $document }（{ $day }）撤销。

rejection_ground-scope = 评选范围
rejection_ground-criterion = 评选条件

## 统计图

statistics_chart-states = 各类别申报情况
statistics_chart-submissions = 每日提交情况
statistics_chart-visits = 核查进度
statistics_chart-durations = 各状态停留时间
chart-none = 尚无数据
chart-all = 全部类别
chart-applications = 申报（件）
chart-progress = 完成比例（%）
chart-hours = 小时
chart-verified = 已核查的申报
chart-verified-of = { $done } / { $all } 件
chart-sheets = 有效评分表
chart-sheets-of = { $done } / { $all } 份，实地 { $trips } 次
chart-median = 中位数
chart-longest = 最长
chart-stays = { $count } 次 · 中位 { $median } 小时 · 最长 { $longest } 小时

## 补救

remedy-member = 按指出的位置更正。
fault-about = { $about }：{ $said }

## 错误说明页面

problem-page-meaning = 含义
problem-page-advice = 处理办法
problem-page-beneath = 出现在 409 或 422 的 errors 之中
document-check-current = 打印件有效：与当前记录一致
document-check-stale = 打印件已失效：与当前记录不一致
document-check-kind = 材料类型
document-check-campaign = 评选活动
document-check-code = 核验码
document-check-digest = 内容摘要（应与纸面一致）
document-check-printed = 首次打印时间
paper-number = 序号
paper-attachments = 附件清单
paper-attachment = 名称
paper-digest = 摘要
paper-opinion-unit = 单位意见
paper-opinion-office = 评选工作机构意见
paper-opinion-decider = 审定机关意见
paper-seal = （盖章）
paper-day = 年　　月　　日
paper-certificate = 荣誉证书
paper-certificate-text = 在 { $year } 年度评选中成绩突出，被评为“{ $honour }”。特发此证，以资鼓励。
paper-certificate-number = 证书编号：{ $number }　　审定文号：{ $document }
paper-date = { $year }年{ $month }月{ $day }日
paper-annex = 附件
paper-award-list = 表彰名单
paper-award-list-category = { $honour }（{ $count }个）
paper-honouree = 表彰对象
paper-unit = 单位
paper-post = 职务
paper-certificate-no = 证书编号
advice-400 = 请按 detail 的说明改正请求；需要修改的是调用方的程序。
advice-401 = 请登录或续期访问令牌后重试。
advice-403 = 请向安全管理员申请有此操作权限的角色；持初始密码的请先修改密码。
advice-404 = 请核对地址是否正确、本人是否有权查看：两种情形的答复相同。
advice-405 = 请使用 Allow 响应头所列的方法。
advice-406 = 请在 Accept 中写明该操作能够答复的类型，或不带 Accept。
advice-408 = 请在网络状况较好时重新发送。
advice-409 = 请看 errors 中的各项原因及其处理办法；刷新后再看 allowed_actions。
advice-412 = 请重新读取，查看变动（有 conflicts 的，其中列出不一致之处），再以新的 ETag 提交。
advice-413 = 请减少发送的内容：一般请求不超过 256 kB，文件不超过类别规定的大小。
advice-414 = 请缩短请求地址，最多 8192 字节。
advice-415 = 请按该操作所接受的类型提交：UTF-8 编码的 application/json，PATCH 用 application/merge-patch+json。
advice-416 = 请改为请求文件之内的范围，或下载整个文件。
advice-422 = 请一次改正 errors 中 pointer 所指的各项后重新提交。
advice-428 = 请把所取得的 ETag 写入 If-Match；用 PUT 新建时写 If-None-Match: *。
advice-429 = 按 Retry-After 所示时间等待后再试；账户被锁定的，可请安全管理员解除。
advice-500 = 请记下请求编号并联系管理员，重复请求无济于事。
advice-503 = 请按 Retry-After 等候后重试。
advice-507 = 请等待管理员清理存储空间后重新发送。

# Jobs, and the columns of what they write and read.
job_kind-export = 导出
job_kind-import = 导入
job_kind-plan = 编制核查计划
job_state-queued = 排队中
job_state-running = 进行中
job_state-succeeded = 已完成
job_state-failed = 失败
job_state-cancelled = 已取消
job_state-expired = 已过期
export_kind-applications = 申报
export_kind-score_sheets = 评分表
export_kind-ranking = 排名
export_kind-shortlists = 候选名单
export_kind-awards = 表彰
export_kind-statistics = 统计
export_kind-archive = 档案包
export_format-xlsx = Excel 工作簿
export_format-csv = CSV 文本
export_format-zip = ZIP 压缩包
import_kind-units = 单位
import_kind-users = 账户
import_kind-supervisors = 监督员
import_kind-annual_assessments = 年度考评
import_mode-dry_run = 仅检查
import_mode-all_or_nothing = 全部成功才导入
import_mode-row_by_row = 导入正确的行
column-id = 编号
column-category = 类别
column-nominee = 推荐对象
column-unit = 单位
column-nominee_kind = 推荐对象类型
column-state = 状态
column-post = 职务
column-is_leading_cadre = 领导干部
column-front_line = 一线人员
column-submitted_at = 提交时间
column-content_digest = 内容摘要
column-position = 名次
column-honouree = 受表彰者
column-certificate_number = 证书编号
column-document_number = 文号
column-decided_on = 审定日期
column-announced_at = 公布时间
column-revoked_by = 撤销文号
column-application = 申报编号
column-rank = 排名
column-score = 得分
column-verified = 核查得分
column-verified_weight = 核查权重(%)
column-assessment = 年度考评得分
column-assessment_status = 年度考评情况
column-assessment_weight = 年度考评权重(%)
column-adjustment = 加减分
column-applied_policy = 实际计分办法
column-raw_mean = 原始均分
column-calibrated = 校准分
column-standard_error = 误差
column-probability = 入选把握
column-first_rank = 名次区间(起)
column-last_rank = 名次区间(止)
column-zone = 判断
column-scoring_policy = 计分方法
column-sheets = 评分表数
column-sheets_counted = 计入评分表数
column-decided_by = 同分定序依据
column-explanation = 计分说明
column-list_state = 名单状态
column-departure = 与排名不一致
column-departure_reason = 不一致的理由
column-declined_reason = 未予审定的理由
column-shortlist = 名单编号
column-supervisor = 监督员
column-assignment_state = 任务状态
column-composite = 综合得分
column-counts = 是否计入
column-remark = 备注
column-written_at = 填写时间（设备）
column-count = 数量
column-kind = 单位类型
column-day = 日期
column-median_hours = 中位时长(小时)
column-longest_hours = 最长时长(小时)
column-count_accepted = 已受理
column-count_verified = 已核查
column-count_sheets_due = 应有评分表
column-count_sheets_submitted = 已交评分表
column-count_sheets_counting = 计入评分表
column-count_trips = 实地核查次数
column-criterion = 条件{ $number }均分
column-points = 条件{ $number }得分
column-cannot_judge = 条件{ $number }无法评判
column-reason = 条件{ $number }理由
column-finding = 条件{ $number }一票否决发现
column-evidence = 条件{ $number }引用的核查结论和附件
column-code = 统一社会信用代码
column-name = 单位全称
column-short_name = 单位简称
column-active = 是否有效
column-latitude = 纬度
column-longitude = 经度
column-district = 片区
column-unit_kind = 单位类型
column-username = 用户名
column-display_name = 显示名称
column-roles = 角色
column-unit_code = 单位代码
column-supervisor_id = 监督员编号
column-valid_until = 有效期至
column-password = 一次性密码
column-person_name = 姓名
column-citizen_id = 公民身份号码
column-phone = 联系电话
column-appointed_from = 聘期开始
column-appointed_until = 聘期结束
column-year = 年度
column-assessment_score = 考评得分
column-not_assessed_reason = 未考评的原因
statistics-states = 按状态
statistics-categories = 按类别
statistics-kinds = 按单位类型
statistics-days = 按日
statistics-undeclared = 未申报单位
statistics-verification = 核查进度
statistics-durations = 办理时长
import-report = 导入结果
import-note-headings = 第一行为表头，请勿改动；从第二行起每行一条。
import-note-roles = 角色可填多个，用顿号或逗号分隔；单位账户须填单位代码，监督员账户须填监督员编号。
