# The catalogue of texts: errors, conditions, operations and choices. Same keys as zh-CN.ftl.

## The request itself

malformed_request = The request is not well-formed HTTP and cannot be handled.
    .title = Malformed request
malformed_json = The body is not valid JSON: see line { $line }, column { $column }.
    .title = Malformed JSON
malformed_cursor = The cursor is not valid: send the next_cursor of the page before as it is, with the same filters and order.
    .title = Malformed cursor
unknown_parameter = There is no query parameter { $parameter }.
    .title = Unknown parameter
invalid_parameter = The value of the parameter { $parameter } is not valid, or it is given more than once.
    .title = Invalid parameter
unsupported_media_type = The media type of the body is not supported: use application/json to send and application/merge-patch+json to change.
    .title = Unsupported media type
payload_too_large = The body is too large; please shorten it and try again.
    .title = Payload too large
uri_too_long = The address is longer than { $limit } characters.
    .title = Address too long
range_not_satisfiable = The part that was asked for is not in the file.
    .title = Range not satisfiable
storage_full = There is no room left to keep the file; please tell the administrator.
    .title = Storage full
job_abandoned = Whoever carried the job out went away, three times; please ask for it again.
job_over = The job is over.
    .remedy = Nothing is left to be called off.
job_without_result = There is nothing to fetch: the job is not done, or what came of it is gone.
    .remedy = Wait until it is done, or ask for it again.
one_table_only = This export is several tables and cannot be CSV: choose xlsx, or name a category.
not_announced = The awards are not announced yet.
    .remedy = Announce the awards first.
table_unreadable = The table cannot be read: it must be XLSX with a visible sheet, or CSV in UTF-8 or GB18030.
headings_wrong = The headings are not those of the template. Missing: { $missing }; unknown: { $unknown }; repeated: { $duplicate }.
table_empty = The table has no rows.
too_many_rows = The table has more than { $limit } rows.
not_a_number = It must be a number.
not_a_whole_number = It must be a whole number.
too_many_places = It has too many places after the point.
precision_lost = The number has more than 15 digits, of which the spreadsheet has lost the last: format the cell as text and enter it again.
not_a_day = It must be a day, such as 2026-03-01.
not_an_instant = It must be a time, such as 2026-03-01 09:30.
not_a_boolean = It must be yes or no.
formula_error = The formula of the cell has no result.
request_timeout = The body of the request has not come in time.
    .title = Request timeout
not_found = What you asked for was not found, or it is out of your reach.
    .title = Not found
method_not_allowed = This address does not take that method; the Allow header names those it takes.
    .title = Method not allowed
not_acceptable = There is no answer of a type that the Accept header asks for.
    .title = Not acceptable
internal_error = Something went wrong in the system; please note the request id and tell the administrator.
    .title = Internal error
service_unavailable = The system is not available for the moment; please try again shortly.
    .title = Service unavailable
not_ready = This server cannot work now: { $lacking ->
        [stopping] it is about to stop.
        [database] the database does not answer or takes no changes.
       *[files] files cannot be kept, or the disk is full.
    }
    .title = Not ready

## Who is asking

unauthenticated = Please log in first.
    .title = Not logged in
invalid_credentials = The user name or the password is wrong, or the account is disabled.
    .title = Log-in failed
invalid_refresh_token = The session is over; please log in again.
    .title = Session over
refresh_token_reused = The refresh token was used before; for safety the session has been ended. Please log in again.
    .title = Refresh token reused
role_not_permitted = Your roles do not permit this operation.
    .title = Not permitted
password_change_required = Please change the password you were given before doing anything else.
    .title = Password change required
second_factor_required = Please enrol a second factor before doing anything else.
    .title = Second factor required
recent_login_required = This needs a log-in of the last ten minutes; please log in again.
    .title = Recent log-in required
invalid_second_factor = The code is wrong, or was used before.
    .title = Log-in failed
pending_login_over = The log-in has waited too long or had too many wrong codes; please begin again.
    .title = Log-in over
single_sign_on_off = There is no single sign-on here; please log in with user name and password.
    .title = No single sign-on
single_sign_on_failed = The single sign-on was not successful; please begin again. If that does not help, ask the security administrator about your account here.
    .title = Log-in failed
single_sign_on_away = The identity provider cannot be used at the moment; please try again shortly.
    .title = Identity provider unavailable
too_many_attempts = There were too many wrong attempts; please wait { $seconds } seconds and try again.
    .title = Too many attempts
too_many_requests = There were too many requests; please wait { $seconds } seconds and try again.
    .title = Too many requests

## Machine clients that ask for a token

invalid_token_request = The request for a token is not as RFC 6749 says: { $parameter } is missing, or given twice.
    .title = Invalid request
invalid_client = The client is not known, or its secret is wrong.
    .title = Unknown client
invalid_scope = The client does not have the scopes that it asks for.
    .title = Invalid scope
unsupported_grant_type = The only grant type here is client_credentials.
    .title = Unsupported grant type

## Concurrency

precondition_required = Name the version that you have seen (its ETag) in the If-Match header; to create, send If-None-Match: *.
    .title = Precondition required
precondition_failed = It has changed since you looked at it; please reload it and try again.
    .title = Precondition failed
wildcard_refused = A decision names the version that it rests on; If-Match: * is not taken.
    .title = Wildcard refused
already_exists = It exists already; to replace it, name its version in If-Match.
    .title = Already exists
conflict = This conflicts with somebody else's change or with existing data; please reload and try again.
    .title = Conflict
idempotency_in_flight = A request with the same Idempotency-Key is being carried out at this moment; ask again shortly for its answer.
    .title = Request under way
idempotency_key_reused = The Idempotency-Key was used before with another path or body; send a new key with a new request.
    .title = Idempotency key used before

## The whole of a 409 or a 422

validation_failed = What was sent is not valid; please correct each fault that is listed.
    .title = Validation failed
guard_failed = This cannot be done yet; every reason is listed.
    .title = Conditions not met
illegal_transition = { $workflow }: the operation { $operation } is not possible in the state { $state }.
    .title = Not possible in this state

## Members of a body

required = This is required.
unknown_member = There is no such member, or it cannot be changed.
wrong_type = The type of this value is wrong.
too_short = This is too short: at least { $limit } characters are needed.
too_long = This is too long; please shorten it.
too_small = This number is too small.
too_large = This number is too large.
too_few = There are too few items; please add some.
too_many = There are too many items: at most { $limit } are allowed.
not_a_choice = This is not one of the values to choose from.
wrong_format = The format is wrong.
duplicate = This repeats what is given already.
control_character = Control characters are not allowed.
invalid_check_digit = The check digit does not fit; please check the number.
masked_value = This is a masked value; send the real one, or leave it out to keep what is there.
invalid = This value is not valid here.
unknown_reference = What this refers to does not exist.
not_in_the_past = The day must not be later than today.
not_in_the_future = The day must not be earlier than today.
file_missing = The form has no file: send it as the part named file.
file_empty = The file is empty.
file_type_not_allowed = Files that end in “{ $extension }” are not taken here.
file_type_mismatch = Name, stated type and content do not agree: by its name it is { $expected }.
file_unreadable = The file is damaged and cannot be read.
file_polyglot = The file is of two kinds at once, or carries foreign bytes.
file_active_content = The file holds something that acts when it is opened: a macro, a script, an embedded file or a remote reference. Please save it without.
file_encrypted = The file is encrypted and cannot be looked at; please save it without a password.
file_too_many_pixels = The picture has more than { $limit } pixels; please make it smaller.
file_archive_bomb = The file would swell beyond measure when it is unpacked.
file_unsafe_archive = The file has parts that could land outside their folder, or on each other.
file_too_complex = The file has more parts inside than can be looked at.
file_malware = The file carries the signature of malicious software.
file_name_bad = The name of the file could deceive a person or a system; please rename it, ending in that of its kind.
digest_mismatch = The SHA-256 of what has come is not the one that was stated: please send it again.

## Accounts

username_taken = The user name is taken; please choose another.
    .remedy = Choose another user name.
client_name_taken = A machine client has this name already; please choose another.
    .remedy = Choose another name.
roles_incompatible = One account cannot hold these roles together: auditor, system administrator and security administrator each stand alone.
role_needs_unit = The role of a unit needs a unit; a machine client works at none.
role_needs_supervisor = The role of a supervisor needs a supervisor; without that role no supervisor is given.
password_too_weak = The password is too weak: it needs at least { $least } characters of { $classes ->
        [one] any kind
       *[other] { $classes } kinds (capitals, small letters, digits, others)
    }, without the user name.
password_common = This password is easy to guess: it is in common use, or made of the county's or the account's own words.
password_used_before = The new password must differ from the last { $history ->
        [one] one
       *[other] { $history }
    }.
wrong_password = The current password is wrong.
own_account = This cannot be done to one's own account; another security administrator can.
    .remedy = Let another security administrator do it.
last_security_admin = At least one security administrator must be able to log in.
    .remedy = Make another security administrator first.
not_locked = The account is not locked.
    .remedy = Nothing needs to be done.
second_factor_needed = A role of this account needs a second factor.
    .remedy = Enrol another telephone instead: it takes the place of this one.
totp_not_offered = No second factor waits for its first code.
    .remedy = Ask for a secret first (enrol_totp).
wrong_code = The code is wrong; please look at the telephone's clock, and take the code that it shows now.
unit_code_taken = The unified social credit code is registered for another unit.
    .remedy = Check the code, or change the unit that has it.
citizen_id_taken = The citizen ID is registered already.
    .remedy = Check the number, or change the record that has it.

## The definition of a campaign

weights_not_hundred = The weights of the criteria must sum to 100; they sum to { $sum }.
blend_not_hundred = The weights of the verified score and the annual assessment must sum to 100; they sum to { $sum }.
criterion_out_of_order = Criteria are numbered from 1 without gaps: { $expected } is expected here, not { $number }.
category_code_repeated = The category code { $category } is used twice.
window_out_of_order = The days are out of order: notice { $issued_on }, acceptance from { $opens_on } to { $closes_on }; acceptance must not open before the notice nor close before it opens.
time_zone_not_supported = The time zone { $time_zone } is not supported; use { $supported }.
approval_basis_missing = The approval basis is missing: name the document, or the exemption claimed.
quota_above_ceiling = The quota of { $quota } is above the approved ceiling of { $ceiling }.
scope_does_not_fit = The scope “{ $scope }” does not fit the nominee “{ $nominee }”.
form_missing = A category that units declare for needs a form.
form_not_allowed = A category that the office evaluates has no form.
form_not_a_schema = The form is not a valid JSON Schema (2020-12): { $error }.
form_meaning_missing = The form has no field that means “{ $meaning }”.
evaluation_missing = Where the office evaluates, each criterion needs a rule for its points.
evaluation_not_allowed = A category that units declare for has no evaluation by the office.
unknown_criterion = The category has no criterion { $criterion }.
visits_missing = Where units declare, each nominee needs at least one score sheet.
visits_not_allowed = Where the office evaluates there are no score sheets from visits; the number must be 0.
visits_too_few = The policy “{ $policy }” needs at least { $limit } score sheets for each nominee.
policy_needs_sheets = The policy “{ $policy }” is for score sheets; where the office evaluates there are none.
share_rules_for_units = Share rules are for persons; this category honours units.
assessment_without_unit = Supervisors have no annual assessment; its weight must be 0.
not_yet_supported = The system does not support this setting yet ({ $feature }).

## The campaign

campaign_cancelled = The campaign has been cancelled; nothing more can be done in it.
    .remedy = Nothing can be done in a cancelled campaign.
window_not_open = Acceptance has not opened; it opens after { $opens_at }.
    .remedy = Wait until the window opens.
deadline_not_passed = The deadline, { $deadline }, has not passed yet.
    .remedy = Wait until the deadline has passed.
applications_undecided = Submitted applications not decided on: { $count }; please accept, return or reject them first.
    .remedy = Accept, return or reject each of them.
corrections_open = A returned application may still be corrected until { $until }.
    .remedy = Wait for the correction date, or decide on what is submitted again.
applications_unverified = Accepted applications not yet verified: { $count }.
    .remedy = Have the missing sheets submitted, waive them with a reason (waive_visits), or disqualify.
categories_undecided = These categories have no approved list yet: { $categories }.
    .remedy = Approve a list in each, or decide without an award (decide_no_award).
archive_package_missing = The archive package has not been made.
    .remedy = Make the archive package first.
campaign_has_applications = The campaign has applications and cannot be deleted.
    .remedy = Cancel the campaign instead (cancel_campaign).
list_approved = The list has been approved; this is no longer possible.
    .remedy = After the approval an award can only be revoked (revoke_award).
campaign_not_accepting = The campaign is in the phase “{ $phase }”; it does not accept declarations now.
    .remedy = Do it while the campaign accepts declarations.
campaign_not_verifying = The campaign is in the phase “{ $phase }”; it does not verify now.
    .remedy = Do it while the campaign verifies.
campaign_not_selecting = The campaign is in the phase “{ $phase }”; it does not select now.
    .remedy = Do it while the campaign selects.
campaign_not_open = The campaign neither accepts nor verifies nor selects.
    .remedy = Do it while the campaign accepts, verifies or selects.
extensions_running = An extension still runs, until 24:00 of { $until }.
    .remedy = Wait until the extension is over.
extension_not_later = An extension ends later than the deadline now is: { $until }.
campaign_sealed = Declarations lie sealed; until they are opened nobody of the house sees or decides on them.
    .remedy = Open the seal after the deadline (open_campaign_seal).
not_sealed = The declarations of this campaign are not sealed.
    .remedy = There is nothing to open; go on.
seal_opened = The seal has been opened: it is not opened twice, and no extension is granted any more.
    .remedy = The deadlines stay as they are.

## The application

nominee_out_of_scope = The nominee is out of the category's scope: this kind of unit ({ $kind }) cannot declare.
    .remedy = Declare in a category whose scope it is in.
route_not_declared = The office evaluates this category; it takes no declarations.
    .remedy = There is nothing to declare; the office evaluates.
deadline_passed = The deadline, { $deadline }, has passed.
    .remedy = With good reason, ask the office for an extension (grant_extension).
correction_date_passed = The correction date, { $deadline }, has passed.
    .remedy = With good reason, ask the office for an extension (grant_extension).
stands_in_another_category = The nominee stands in another category of this campaign; one may stand in one category only.
    .remedy = Withdraw what is declared in the other category first.
per_unit_limit_reached = The unit has reached its limit in this category ({ $limit }).
    .remedy = Withdraw another application of the unit in the category first.
form_incomplete = The form is not complete.
    .remedy = Complete the form.
attachment_missing = “{ $title }” must be attached.
    .remedy = Attach it.
upload_offset_wrong = The upload goes on at byte { $offset }.
    .remedy = Ask get_upload_offset where it goes on.
upload_over = The upload is over: there is nothing to go on with.
    .remedy = Nothing more is to be sent.
upload_unfinished = The file has not come whole yet.
    .remedy = Send the rest of it first.
file_quarantined = The virus scanner found something in the file: it is kept apart and cannot be fetched.
    .remedy = Attach a clean file in its place.
award_revoked = The award was revoked: there is no certificate of it.
    .remedy = Nothing; the decision that revoked it stands.
nothing_awarded = Nobody is commended yet: there is no list to print.
    .remedy = Print it once the awards are announced.
paper_copies_missing = Sealed paper copies are missing: { $needed } are needed, { $received } have been received.
    .remedy = Record the copies when they come in (record_paper_receipt).
paper_stale = The paper copies received do not match the content as it is now: print it, have it sealed and record the receipt again.
    .remedy = Print, seal and record the content as it is now.
notice_closed = The last notice of its list has closed; it can no longer be withdrawn.
    .remedy = It cannot be withdrawn any more; the office may disqualify it.
unknown_category = The campaign has no such category.
unit_inactive = The unit is no longer active and cannot declare.
    .remedy = Have the office make the unit active again.
own_unit_only = A unit declares for itself: this must read “{ $unit }”.
veto_in_force = A veto against the nominee is in force until { $until }.
    .remedy = Wait until it is over, or have the department that supplied it lift it.
new_deeds_missing = The nominee was commended in this category last time: new deeds must be named.
    .remedy = Name in the form what was achieved since then.
field_locked = This was not opened for correction and cannot be changed.
own_draft = Two steps are asked for: whoever has drafted it does not submit it.
    .remedy = Let another account of the unit submit it.
own_check = Two steps are asked for: whoever has checked it does not confirm it.
    .remedy = Let another account of the office confirm it.
own_unit_stake = The nominee is of your own unit: you take no part.
    .remedy = Let somebody without a stake do it.
own_nomination = You are the nominee yourself: you take no part.
    .remedy = Let somebody without a stake do it.
recused = A recusal is recorded: there is no part to take.
    .remedy = Let somebody else do it, or have the office lift the recusal with a reason.
no_sheet_counts = No score sheet counts: the rest cannot be waived.
    .remedy = One sheet at least must be submitted and count.
reference_unsupported = What is referred to is not there, or does not bear a disqualification.
no_place_vacant = No place of a proposed list is vacant.
    .remedy = A place must fall vacant first.
place_forfeited = By the definition a vacant place stays empty.
    .remedy = Leave the place empty.

## Verification and scoring

own_unit = A supervisor takes no part in verifying or scoring the own unit's nominees.
    .remedy = Assign another supervisor.
supervisor_is_candidate = The supervisor is a candidate in this category and has no hand in it.
    .remedy = Assign another supervisor.
already_assigned = The supervisor is assigned to this application already.
    .remedy = Assign another supervisor.
supervisor_inactive = The supervisor is not in office.
    .remedy = Assign a supervisor in office.
application_not_accepted = The application is not in the state “accepted”; it cannot be assigned.
    .remedy = Accept the application first, or delete the assignment.
sheet_submitted = The score sheet has been submitted.
    .remedy = Reopen the sheet first (reopen_score_sheet).
not_confirmed = The office has not confirmed the assignment yet.
    .remedy = Have the office confirm it (confirm_assignments).
not_declared = The supervisor must first declare that there is no conflict of interest; whoever is recused does not score.
    .remedy = Declare that there is no conflict first (declare_no_conflict).
site_visit_missing = No site visit with this supervisor is recorded; please record it first.
    .remedy = Record the site visit (record_site_visit).
sheet_incomplete = Criterion { $criterion } is not judged yet: give points, or mark it “cannot judge”, with a reason.
    .remedy = Complete points and reasons.
participants_missing = A site visit has at least two participants, one of them a supervisor assigned to the application (recorded: { $participants }).
not_a_participant = A supervisor who records a site visit must be one of its participants.
visit_record_in_use = Submitted score sheets rest on this visit; their supervisors and the application must stay as they are.
    .remedy = Reopen the sheets that rest on it first (reopen_score_sheet).
finding_in_use = A score sheet refers to a finding that would go; it may be changed, and stays.
    .remedy = Keep the finding, or have the reference taken out of the sheet (save_score_sheet).
deed_not_stated = The application says nothing at this place of its form.
clock_ahead = This lies more than five minutes ahead; please set the clock of the device.
dissent_needs_reason = Where the unit dissents, its reason is needed.
ranking_in_use = A list has been made from the ranking; nothing behind it can change until the list is returned.
    .remedy = Return the list first (return_shortlist).
nothing_planned = There are no planned assignments to confirm.
    .remedy = Plan assignments first (plan_assignments).
plan_too_large = There is more to plan than can be reckoned.
plan_inputs_changed = What the plan was made from (applications, supervisors, recusals or assignments) has changed meanwhile; nothing was entered.
seed_from_draw = The seed follows from the public draw and cannot be given beside it.
draw_missing = The notice says that “{ $draw }” decides the assignments; give what was drawn.
design_disconnected = Category “{ $category }” is scored by calibration, but its assignments fall into { $parts } parts, between which no score can be compared. Swap one after another: { $links }
    .title = Assignments fall apart and cannot be calibrated
    .remedy = Make the swaps (update_assignment; get_assignment_plan names the assignments), or plan anew.
out_of_term = The day is not in the supervisor's term of appointment.
    .remedy = Name a day within the term.
supervisors_evaluated = Supervisors are evaluated themselves: none of them reviews records or records attendance.
    .remedy = Let somebody else of the office do it.
already_recused = The recusal is recorded already.
own_recusal = Nobody lifts a recusal that others laid upon them.
    .remedy = Let somebody else of the office do it.

## Review and decision

list_alive = The category has a shortlist under way already.
    .remedy = Change that list, or have it returned.
assessment_missing = The annual assessment for { $nominee } is missing: record its score, or that it is not assessed and why.
    .remedy = Record the annual assessment (put_annual_assessment).
tie_unresolved = There is a tie across the quota boundary: please resolve it first, with a reason.
    .remedy = Give them an order (resolve_tie).
no_tie = There is no tie to resolve.
    .remedy = There is nothing to do.
tie_order_incomplete = The order of the tie is not complete: { $missing } missing.
quota_exceeded = The list has { $entries } entries for a quota of { $quota }: { $over_by } too many.
    .remedy = Take some off the list.
surplus_missing = The surplus is missing: with { $verified } verified the list may hold { $allowed }, and it has { $entries }.
    .remedy = Take some off the list.
leading_cadre_share = Too many leading cadres: at most { $allowed } are allowed, there are { $present }, { $over_by } too many.
    .remedy = Put others in the place of leading cadres.
front_line_share = Too few people of the front line: at least { $needed } are needed, there are { $present }, { $short_by } too few.
    .remedy = Put in more people of the front line.
departure_reason_missing = The list departs from the ranking for { $nominee }; a reason is needed.
    .remedy = Give the reason, or follow the ranking.
departure_without_cause = The list follows the ranking for { $nominee }; please remove the reason for departing from it.
    .remedy = Take the reason away.
entry_not_standing = The application of { $nominee } no longer stands; please take it off the list.
    .remedy = Take them off the list (update_shortlist).
ranking_changed = The ranking has changed since the list was made; please bring the list up to date.
    .remedy = Make the list anew from the ranking (update_shortlist).
list_empty = No candidate stands on the list.
    .remedy = Put candidates on it, or decide without an award.
entry_unknown = This application does not belong here.
consent_missing = The approver must consent before the names are shown.
    .remedy = Have the approver consent (endorse_shortlist).
calendar_missing = The calendar of working days for { $year } is missing; please enter it first.
    .remedy = Enter the calendar of that year (put_workday_calendar).
notice_running = The notice is still running, until { $until }.
    .remedy = Wait until the period is over.
not_noticed = { $nominee } has not stood in a closed notice.
    .remedy = Show them in a notice (publish_notice) until its period is over.
own_proposal = Who proposed a list does not decide on it; somebody else must.
    .remedy = Let another approver do it.
notice_not_closed = A notice of the list is still running.
    .remedy = Close the notice when its period is over (close_notice).
meeting_incomplete = Name everybody who was present; whoever was recused does not count as present.
declined_all = Not all of the list can be declined; return the list instead.
category_decided = The category has been decided without an award.
    .remedy = No list is made any more.
list_not_proposed = The category has no list under way that is proposed.
    .remedy = Propose a list first.
entry_vetoed = A veto against { $nominee } is in force until { $until }.
    .remedy = Disqualify them, or have the department that supplied it lift it.
vetting_missing = The department { $department } has not been asked about { $nominee }.
    .remedy = Ask it (request_vetting).
vetting_open = { $department } has not answered about { $nominee }.
    .remedy = The department must answer (record_vetting_opinion).
vetting_concern_open = The concern of { $department } about { $nominee } is not resolved.
    .remedy = Resolve it (resolve_vetting_concern), or disqualify the candidate.
vetting_veto = { $department } vetoes { $nominee }.
    .remedy = Disqualify the candidate (disqualify_application).
due_too_early = The department has until { $earliest } at least.
vetting_over = Answers about this candidate are no longer taken.
    .remedy = Nothing more needs to be said; turn to the office where something must be known.
nobody_to_ask = Every department has been asked about every candidate of the list already.
    .remedy = Name further departments, or wait for the answers.
not_a_department = Only departments and county-direct units supply vetoes.
    .remedy = Let the department that knows of it record it, or report it to the office.
not_the_supplier = Only the department that supplied it may lift it.
    .remedy = Let that department do it.
notice_withdrawn = The notice has been withdrawn.
    .remedy = Object to the new notice, once there is one.
objections_closed = The list has been decided: objections are not taken any more.
    .remedy = Turn to the authorities in the ways that the law gives.
objections_open = { $count } objections wait for their answer.
    .remedy = Assign and answer them (assign_objection, resolve_objection).
objection_not_carried_out = An objection against { $nominee } was upheld and is not carried out.
    .remedy = Disqualify the candidate (disqualify_application).
not_the_investigator = Only the assigned investigator may do this.
    .remedy = Let the investigator do it, or assign another (assign_objection).
investigator_has_stake = This person has a stake in the candidate and cannot investigate.
objector_anonymous = The objection is anonymous: there is no name to open.
    .remedy = Take it as a lead.
objection_names_another = The objection itself names another candidate.
consequence_not_asked = Only an objection upheld in part leaves a choice of what follows.

## Kinds of units

unit_kind-township = Township
unit_kind-zone_committee = Zone committee
unit_kind-department = County department
unit_kind-county_direct = County-direct unit

## Nominees

nominee_kind-unit = Unit
nominee_kind-person = Person
nominee_kind-supervisor = Supervisor
file_kind-pdf = PDF document
file_kind-jpeg = JPEG picture
file_kind-png = PNG picture
file_kind-docx = Word document
file_kind-xlsx = Excel workbook
file_kind-ofd = OFD document
file_kind-mp4 = MP4 film
attachment_state-uploading = On its way
attachment_state-stored = Stored
attachment_state-quarantined = Put aside
paper_kind-application = Declaration form
paper_kind-certificate = Certificate of honour
paper_kind-award_list = List of the commended
paper_kind-notice = Notice of the selection

## Scope

scope_item-township = Townships
scope_item-zone_committee = Zone committees
scope_item-department = County departments
scope_item-county_direct = County-direct units
scope_item-supervisors = Supervisors

## Route

route-self_declared = Declared by units
route-office_evaluated = Evaluated by the office

## Scoring policy

scoring_policy-mean = Mean
scoring_policy-trimmed_mean = Mean without the highest and the lowest
scoring_policy-calibrated = Corrected for each supervisor's strictness

## Kinds of duty records

duty_kind-supervision = Supervision
duty_kind-liaison = Liaison
duty_kind-advice = Advice
duty_kind-publicity = Publicity

## Roles

role-unit = Unit
role-supervisor = Supervisor
role-office = Office
role-approver = Approver
role-auditor = Auditor
role-admin = System administrator
role-security_admin = Security administrator

scope-county_read = Reads units and working days
scope-campaigns_read = Reads campaigns and categories once published
scope-awards_read = Reads awards once announced

## Workflows

workflow-campaign = Campaign
workflow-application = Application
workflow-assignment = Assignment
workflow-score_sheet = Score sheet
workflow-shortlist = Shortlist
workflow-public_notice = Public notice
workflow-duty_record = Duty record
workflow-recusal = Recusal
workflow-vetting_request = Vetting request
workflow-veto = Veto
workflow-objection = Objection
workflow-account = Account

## Phases of a campaign

campaign_state-draft = Draft
campaign_state-published = Published
campaign_state-accepting = Accepting
campaign_state-verifying = Verifying
campaign_state-selecting = Selecting
campaign_state-announced = Announced
campaign_state-archived = Archived
campaign_state-cancelled = Cancelled

## States of an application

application_state-draft = Draft
application_state-submitted = Submitted
application_state-returned = Returned for correction
application_state-accepted = Accepted
application_state-rejected = Rejected
application_state-verified = Verified
application_state-shortlisted = Shortlisted
application_state-not_shortlisted = Not shortlisted
application_state-awarded = Awarded
application_state-not_awarded = Not awarded
application_state-disqualified = Disqualified
application_state-withdrawn = Withdrawn
application_state-revoked = Award revoked

## States of an assignment

assignment_state-planned = Planned
assignment_state-confirmed = Confirmed
assignment_state-cleared = No conflict declared
assignment_state-recused = Recused

## States of a score sheet

score_sheet_state-draft = Draft
score_sheet_state-submitted = Submitted

## States of a shortlist

shortlist_state-draft = Draft
shortlist_state-proposed = Proposed
shortlist_state-endorsed = Endorsed
shortlist_state-noticed = Noticed
shortlist_state-approved = Approved
shortlist_state-returned = Returned

## States of a public notice

public_notice_state-published = Published
public_notice_state-closed = Closed
public_notice_state-withdrawn = Withdrawn

## States of a duty record

duty_record_state-submitted = Awaiting review
duty_record_state-approved = Approved
duty_record_state-declined = Declined

## States and kinds of recusals

recusal_state-proposed = Proposed by the system
recusal_state-in_force = In force
recusal_state-lifted = Lifted
recusal_kind-own_unit = Own unit
recusal_kind-former_unit = Former unit
recusal_kind-relative = Relative
recusal_kind-superior = Superior or subordinate
recusal_kind-declared_interest = Declared interest
recusal_kind-manual = Other

## States of a vetting request

vetting_state-requested = Requested
vetting_state-no_objection = No objection
vetting_state-concern = Concern
vetting_state-veto = Veto
vetting_state-resolved = Concern resolved
silence-blocks = Silence blocks
silence-consents = Silence consents
repeat_award-allowed = Repeats allowed
repeat_award-new_deeds = New deeds asked for

## Vetoes

veto_state-recorded = Recorded
veto_state-lifted = Lifted
veto_field-environment = Environment
veto_field-safety = Work safety
veto_field-discipline = Discipline
veto_field-public_order = Public order
veto_field-petitions = Petitions
veto_field-credit = Credit
veto_field-other = Other

## Objections

objection_state-filed = Filed
objection_state-investigating = Under investigation
objection_state-upheld = Upheld
objection_state-partly = Upheld in part
objection_state-rejected = Rejected
consequence-keep = The candidate stays
consequence-disqualify = To be disqualified
disqualification_ground-objection = Objection upheld
disqualification_ground-vetting = Veto in the vetting
disqualification_ground-veto = Veto in force
disqualification_ground-site_finding = Finding on site
check_verdict-accept = To be accepted
check_verdict-reject = To be rejected

## States of an account

account_state-active = Active
account_state-disabled = Disabled

## Whether an award stands

award_state-awarded = In force
award_state-revoked = Revoked

## A visited unit's word

finding_verdict-confirmed = Confirmed
finding_verdict-partly = Confirmed in part
finding_verdict-not_confirmed = Not confirmed
verdict-confirms = Confirms
verdict-dissents = Dissents

## How assignments are planned

plan_method-plain = Plain
plan_method-balanced = Balanced
plan_method-optimal = Optimal
repeat_pairs-avoided = Avoided
repeat_pairs-barred = Barred
conflict_reason-own_unit = Own unit
conflict_reason-candidate = Stands in the category
conflict_reason-recused = Recused
conflict_reason-last_year = Scored the unit last year
plan-cut = { $nominees } need { $wanted } sheets in all; only { $supervisors } supervisors without a conflict are left, for { $possible } at most.
plan-cut-of-many = { $nominees } and others, { $count } in all, need { $wanted } sheets; only { $supervisors } supervisors without a conflict are left, for { $possible } at most.

## Who may call

who-public = Anyone
who-logged_in = Anyone logged in
who-client = Machine clients with

## Reach

reach-all = everything
reach-own = their own
reach-assigned = assigned to them or about themselves
reach-declared = all but others' drafts
reach-entered = entered for a unit
reach-published = what is published
reach-names = names and ids only

## What a form's field means

meaning-unit_name = unit name
meaning-nominee_name = nominee's name
meaning-post = post
meaning-citizen_id = citizen ID
meaning-phone = telephone
meaning-birth_month = month of birth
meaning-leading_cadre = leading cadre
meaning-front_line = front line
meaning-new_deeds = New deeds since the last commendation

## Objects

object_kind-user = Account
object_kind-session = Session
object_kind-client = Machine client
object_kind-audit_log = The audit
object_kind-job = Background job
object_kind-unit = Unit
object_kind-supervisor = Supervisor
object_kind-campaign = Campaign
object_kind-workday_calendar = Calendar of working days
object_kind-application = Application
object_kind-assignment = Assignment
object_kind-site_visit = Site visit
object_kind-score_sheet = Score sheet
object_kind-annual_assessment = Annual assessment
object_kind-duty_record = Duty record
object_kind-ranking = Ranking
object_kind-shortlist = Shortlist
object_kind-public_notice = Public notice
object_kind-award = Award
object_kind-extension = Extension
object_kind-recusal = Recusal
object_kind-thematic_activity = Thematic activity
object_kind-no_award = Decision without an award
object_kind-vetting_request = Vetting request
object_kind-veto = Veto
object_kind-objection = Objection

## Conditions: campaign

guard-definition_complete = The definition is complete and its windows are in order
guard-window_opened = The acceptance window has opened
guard-deadline_passed = The last deadline has passed
guard-none_undecided = No application is waiting in the state “submitted”
guard-no_correction_open = No returned application has an open correction date
guard-all_verified = Every accepted application is verified
guard-all_decided = Each category has an approved list
guard-package_made = The archive package is made
guard-no_list_approved = No list has been approved
guard-no_extension_running = No extension runs
guard-seal_opened = Declarations do not lie sealed
guard-sealed = Declarations are sealed
guard-seal_unbroken = The seal has not been opened

## Conditions: application

guard-campaign_alive = The campaign is not cancelled
guard-drafts_open = The campaign is published or accepts declarations
guard-accepting = The campaign accepts declarations
guard-verifying = The campaign verifies
guard-route_declared = Units declare for the category
guard-nominee_in_scope = The nominee is in the category's scope
guard-deadline_open = The unit's deadline, or the correction date, has not passed
guard-form_valid = The form is complete and valid
guard-stands_nowhere_else = The nominee stands in no other category
guard-under_unit_limit = The unit's limit in the category is not reached
guard-paper_received = The sealed paper copies of the current content have been received
guard-notice_open = The last notice of its list has not closed
guard-list_not_approved = Its list is not approved
guard-no_stake = Whoever acts has no stake in it
guard-no_stake_in_category = Whoever acts has no stake in any candidate of its category
guard-no_veto = No veto is in force against the nominee
guard-new_deeds_given = Who was commended last time names new deeds, where they are asked for
guard-not_writer = Whoever submits has not drafted it, where two steps are asked for
guard-accepted_by_another = Another account confirms the acceptance, where two steps are asked for
guard-rejected_by_another = Another account confirms the rejection, where two steps are asked for
guard-sheet_counts = One sheet at least counts
guard-substitution_allowed = The definition lets the next in rank take a vacant place
guard-place_vacant = A place of a proposed list is vacant
guard-shares_kept = The share rules hold with the newcomer on the list

## Conditions: assignment and score sheet

guard-application_accepted = The application is accepted
guard-supervisor_in_office = The supervisor is in office
guard-not_own_unit = The supervisor is not of the nominee's unit
guard-not_candidate = The supervisor does not stand in the category
guard-not_assigned_yet = The supervisor does not score the application already
guard-no_sheet_submitted = No sheet has been submitted
guard-not_recused = The supervisor is not recused
guard-assignment_cleared = The supervisor has declared no conflict of interest
guard-site_visit_recorded = A site visit is recorded with this supervisor among its participants
guard-sheet_complete = Every criterion has points or “cannot judge”, with a reason
guard-ranking_free = No list is made from the ranking

## Conditions: shortlist and public notice

guard-selecting = The campaign selects
guard-no_other_list = The category has no other list alive
guard-not_empty = The list has entries
guard-within_quota = The list is not longer than the quota
guard-surplus_left = The list leaves the surplus that the definition asks for
guard-shares_hold = The share rules hold on the entries standing
guard-departures_reasoned = Every departure from the ranking has its reason
guard-entries_standing = Every entry is still verified
guard-ranking_current = The ranking is still the one that the list was made from
guard-assessments_present = Every annual assessment that is blended in is there
guard-ties_resolved = No tie across the quota boundary is open
guard-not_proposer = Whoever proposed it does not decide on it
guard-consent_given = The approver has consented, where the definition asks for it
guard-calendar_known = The calendar of working days is there for the notice's period
guard-notice_closed = Its last notice has closed
guard-entries_noticed = Every entry standing stood in a closed notice
guard-not_decided_without_award = The category has not been decided without an award
guard-no_veto_in_force = No veto is in force against an entry standing
guard-vetting_done = Every department has answered and every concern is resolved
guard-objections_answered = No objection is open
guard-upheld_carried_out = Every upheld objection is carried out
guard-period_over = Its period is over
guard-campaign_open = The campaign accepts, verifies or selects
guard-not_bound = It was not laid upon the person by others
guard-list_under_way = A list of the category is proposed and not decided
guard-supplies_vetoes = A department, a county-direct unit or the office records it
guard-is_supplier = The department that supplied it acts
guard-notice_stands = The notice has not been withdrawn
guard-list_undecided = The list has not been decided
guard-is_investigator = The assigned investigator acts
guard-objector_named = The objector has given a name

## Conditions: duty record and account

guard-in_term = The day is in the supervisor's term of appointment
guard-not_supervisor = Whoever acts is no supervisor
guard-not_oneself = Nobody disables their own account
guard-security_admin_left = One security administrator at least can log in
guard-locked = Too many wrong passwords have locked it

## Operations: log-in and accounts

operation-login = Log in
operation-oidc_start = Begin a single sign-on
operation-oidc_callback = End a single sign-on
operation-verify_second_factor = Show the second factor
operation-refresh_session = Renew the session
operation-logout = Log out
operation-get_me = View the own account
operation-get_application_document = Print an application's form
operation-list_attachments = List attachments
operation-upload_attachment = Attach a file
operation-get_attachment = View an attachment
operation-download_attachment = Download an attachment
operation-delete_attachment = Delete an attachment
operation-get_upload_offset = See how far an upload has come
operation-resume_upload = Go on with an upload
operation-get_certificate = Print a certificate
operation-get_award_list_document = Print the list of the commended
operation-get_notice_document = Print the notice of a campaign
operation-check_document = Check a printed paper
operation-get_import_template = Get an import template
operation-create_export = Ask for an export
operation-create_import = Ask for an import
operation-list_jobs = List the own jobs
operation-get_job = Get a job
operation-download_job_result = Download what came of a job
operation-cancel_job = Cancel a job
operation-finish_job = Finish a job
operation-change_password = Change the password
operation-list_sessions = List the own sessions
operation-revoke_session = End one of the own sessions
operation-enrol_totp = Offer a second factor
operation-confirm_totp = Confirm the second factor
operation-remove_totp = Remove the second factor
operation-get_jwks = View the token keys
operation-list_clients = List the machine clients
operation-create_client = Create a machine client
operation-rotate_client_secret = Rotate the secret of the machine client
operation-delete_client = Delete the machine client
operation-issue_token = Get a token for a machine client
operation-list_users = List the accounts
operation-create_user = Create an account
operation-get_user = View the account
operation-update_user = Change the account
operation-disable_user = Disable the account
operation-enable_user = Enable the account
operation-reset_user_password = Reset the password
operation-unlock_user = Unlock the account

## Operations: units, supervisors and openness

operation-list_units = List the units
operation-create_unit = Create a unit
operation-get_unit = View the unit
operation-update_unit = Change the unit
operation-list_supervisors = List the supervisors
operation-create_supervisor = Enter a supervisor
operation-get_supervisor = View the supervisor
operation-update_supervisor = Change the supervisor
operation-list_audit_events = List the audit events
operation-forget_audit_events = Forget old security events
operation-get_workflow = View a workflow
operation-list_enumerations = List the choices

## Operations: campaigns

operation-list_campaigns = List the campaigns
operation-create_campaign = Create a campaign
operation-get_campaign = View the campaign
operation-update_campaign = Change the draft campaign
operation-delete_campaign = Delete the draft campaign
operation-advance_campaign = Advance to the next phase
operation-cancel_campaign = Cancel the campaign
operation-list_categories = List the categories
operation-get_category = View the category
operation-get_category_form = View the form
operation-get_workday_calendar = View the calendar of working days
operation-put_workday_calendar = Enter the calendar of working days
operation-open_acceptance = Open acceptance
operation-open_evaluations = Open the evaluations
operation-lapse_application = Let the application lapse
operation-erase_personal_data = Erase the personal data of a selection that is over

## Operations: applications

operation-list_applications = List the applications
operation-create_application = Begin an application
operation-get_application = View the application
operation-update_application = Change the application
operation-delete_application = Delete the draft application
operation-submit_application = Submit the application
operation-withdraw_application = Withdraw the application
operation-return_application = Return for correction
operation-accept_application = Accept the application
operation-reject_application = Reject the application
operation-check_application = Check the application
operation-get_application_history = View the application's history
operation-reveal_personal_data = Open the personal data
operation-record_paper_receipt = Record the paper copies
operation-waive_visits = Waive the remaining visits
operation-disqualify_application = Disqualify the application
operation-substitute_application = Substitute
operation-revoke_award = Revoke the award

## Operations: verification and scoring

operation-plan_assignments = Plan the assignments
operation-get_assignment_plan = Get the plan of assignments
operation-confirm_assignments = Confirm the assignments
operation-list_assignments = List the assignments
operation-create_assignment = Add an assignment
operation-update_assignment = Change an assignment
operation-delete_assignment = Delete the assignment
operation-declare_no_conflict = Declare no conflict of interest
operation-declare_recusal = Declare a recusal
operation-record_site_visit = Record the site visit
operation-get_site_visit = View the site visit
operation-list_site_visits = List the site visits
operation-get_score_sheet = View the score sheet
operation-save_score_sheet = Save the score sheet
operation-submit_score_sheet = Submit the score sheet
operation-reopen_score_sheet = Reopen the score sheet
operation-list_annual_assessments = List the annual assessments
operation-put_annual_assessment = Record the annual assessment
operation-list_duty_records = List the duty records
operation-create_duty_record = Write a duty record
operation-review_duty_record = Review the duty record

## Operations: review and decision

operation-get_ranking = View the ranking
operation-explain_ranking_entry = Explain the place in the ranking
operation-what_if_ranking = What the ranking would be otherwise
operation-get_scoring_diagnostics = View what the scores tell of supervisors
operation-resolve_tie = Resolve the tie
operation-list_shortlists = List the shortlists
operation-get_shortlist = View the shortlist
operation-create_shortlist = Make a shortlist
operation-update_shortlist = Change the shortlist
operation-propose_shortlist = Propose the shortlist
operation-endorse_shortlist = Endorse the shortlist
operation-approve_shortlist = Approve the shortlist
operation-return_shortlist = Return the shortlist
operation-decide_no_award = Decide to make no award
operation-publish_notice = Publish the notice
operation-close_notice = Close the notice

## Operations: awards and what the public sees

operation-list_awards = List the awards
operation-get_award = View the award
operation-list_public_notices = List the public notices
operation-get_public_notice = View the public notice
operation-list_public_awards = Search the register of awards
operation-verify_certificate = Verify a certificate
operation-copy_campaign = Copy a campaign
operation-dry_run_campaign = Try a definition
operation-open_campaign_seal = Open the sealed declarations
operation-list_extensions = List extensions
operation-grant_extension = Grant an extension
operation-get_campaign_statistics = View the statistics of a campaign
operation-propose_recusals = Propose recusals
operation-get_application_evidence = Open what bears out an application
operation-get_application_changes = Compare what was submitted
operation-list_recusals = List recusals
operation-lift_recusal = Lift a recusal
operation-list_thematic_activities = List thematic activities
operation-create_thematic_activity = Enter a thematic activity
operation-record_attendance = Record attendance
operation-adjust_points = Adjust points
operation-list_vetting_requests = List vetting requests
operation-request_vetting = Ask departments about candidates
operation-record_vetting_opinion = Answer a vetting request
operation-resolve_vetting_concern = Resolve a concern
operation-list_vetoes = List vetoes
operation-record_veto = Record a veto
operation-lift_veto = Lift a veto
operation-list_objections = List objections
operation-get_objection = View an objection
operation-assign_objection = Assign an objection
operation-resolve_objection = Answer an objection
operation-reveal_objector = Open who objects
operation-file_objection = Object
operation-follow_objection = Follow an objection

## Operations: the server itself

operation-liveness = Check that the process lives
operation-readiness = Check that the server can work
operation-security_txt = View whom to tell of a weakness
operation-openapi_document = View the OpenAPI document
operation-swagger_ui = Open Swagger UI
operation-problem_page = Explain an error code

## How a ranking explains itself

explain-score-blended = The verified score of { $verified } (sheets that count: { $counted }) weighs { $verified_weight }%, the annual assessment of { $assessment } weighs { $assessment_weight }%: together { $score }.
explain-score-verified = The score of { $score } is the verified score (sheets that count: { $counted }).
explain-score-not_assessed = The county does not assess the unit, so the verified score of { $verified } (sheets that count: { $counted }) counts whole: { $score }.
explain-score-evaluated = The office's evaluation of the duty records gives { $score }.
explain-score-attended = The office's evaluation of the duty records, with the thematic activities attended ({ $attended }), gives { $score }.
explain-score-adjusted = The office adjusts it by { $adjustment } points: { $score }.
explain-score-missing = The verified score is { $verified }; there is no score until the annual assessment is recorded.
explain-score-no_sheets = No score sheet counts yet (submitted: { $sheets }), so there is no score.
explain-verified-mean = The verified score of { $verified } is the mean of the sheets that count ({ $composites }).
explain-verified-evaluated = { $verified } is the mean of the criteria's points from duty records, by weight.
explain-verified-attended = { $verified } is the mean of the criteria's points from duty records, by weight, with the points of the thematic activities attended ({ $attended }).
explain-verified-none = No score sheet counts yet, so there is no verified score.
explain-assessment-assessed = The annual assessment is { $assessment } and weighs { $weight }%.
explain-assessment-not_assessed = The county does not assess the unit; the verified score counts whole.
explain-assessment-not_blended = The category does not count the annual assessment.
explain-assessment-missing = The annual assessment has not been recorded yet.
feedback-duty = { $kind }: records approved { $approved }, of them with advice that was adopted { $adopted }.
explain-criterion-mean = Criterion { $criterion }: judged on { $judged } of the sheets that count ({ $points }), with a mean of { $mean }.
explain-criterion-evaluated = Criterion { $criterion }: the duty records give { $mean } points.
explain-criterion-not_judged = Criterion { $criterion }: no sheet that counts judges it.
explain-sheet-counts = Criteria with a weight of { $judged_weight } out of { $whole_weight } are judged; their mean by weight is { $composite }, and the sheet counts.
explain-sheet-not_counted = Criteria with a weight of { $judged_weight } out of { $whole_weight } are judged: under half, so the sheet does not count.
explain-rank-alone = With { $score } it has rank { $rank } of { $nominees }.
explain-rank-decided = With { $score } it has rank { $rank } of { $nominees }; equal scores were set apart by { $stages }.
explain-rank-tied = With { $score } it shares rank { $rank } of { $nominees }; nothing sets the equal ones apart yet.
explain-rank-no_score = Without a score it stands last, at rank { $rank } of { $nominees }.
explain-stage-criterion = criterion { $criterion }
explain-stage-annual_assessment = the annual assessment
explain-stage-resolved = the order that the office gave
explain-verified-trimmed = The verified score of { $verified } is the mean of the sheets that count ({ $composites }) without the highest and the lowest ({ $left_out } left out).
explain-verified-calibrated = The verified score of { $verified } is the mean of the sheets that count ({ $composites }), each less how generous its supervisor is.
explain-verified-too_few = With fewer than five sheets that count none is left out: the verified score of { $verified } is their mean ({ $composites }).
explain-verified-not_official = What it takes to calibrate is not there, so calibrated figures are information: the verified score of { $verified } is the mean of the sheets that count ({ $composites }).
explain-criterion-calibrated = Criterion { $criterion }: judged on { $judged } of the sheets that count ({ $points }); less how generous each supervisor is, the mean is { $mean }.
explain-raw_mean = Raw mean { $figure }: the mean of what the supervisors gave, by weight, with nothing adjusted.
explain-calibrated = Calibrated figure { $figure }: each score less how generous its supervisor is, then the mean.
explain-error = Error { $error } points: about how far the figure would move with other supervisors as careful.
explain-probability = Probability { $share }%: with the noise of the scores replayed { $draws } times, so often it comes among the first { $places }.
explain-rank_interval = Ranks { $first } to { $last }: where 90% of its ranks lie when the noise is replayed.
explain-zone-secure = Secure: in nine replays of ten and more it has a place.
explain-zone-borderline = Borderline: it has a place in one to nine replays of ten; visit once more, or discuss it and record why.
explain-zone-outside = Outside: in fewer than one replay of ten it has a place.
explain-sheet-generous = This supervisor is { $leniency } points above colleagues who saw the same nominees; taken off, { $adjusted } is left.
explain-sheet-strict = This supervisor is { $leniency } points below colleagues who saw the same nominees; added, it comes to { $adjusted }.
explain-sheet-level = This supervisor is level with colleagues who saw the same nominees; it stays at { $adjusted }.
explain-scale-generous = On average { $leniency } points above colleagues who saw the same nominees (error { $error }).
explain-scale-strict = On average { $leniency } points below colleagues who saw the same nominees (error { $error }).
explain-scale-level = Level with colleagues who saw the same nominees (error { $error }).
explain-flag-ask_for_evidence = This score fits neither what others gave this nominee nor what this supervisor gave others (t = { $t }): ask for the evidence.
explain-flag-must_explain = This score clearly fits neither what others gave this nominee nor what this supervisor gave others (t = { $t }): it must be explained.
explain-design-whole = Quality of the design { $share }%: how much of the best possible crossing of supervisors is reached; below 50% nothing is calibrated.
explain-design-apart = The visits fall into { $components } parts that share no supervisor: scores cannot be compared between them, and nothing is calibrated.
explain-official = Calibrated figures are the official ones; the raw means stand beside them.
explain-not_official = Calibrated figures are information; the raw means are the official figures.
explain-boundary-clear = The last one in and the first one out are { $gap } points apart (error { $error }): a clear difference.
explain-boundary-open = The last one in and the first one out are { $gap } points apart (error { $error }): they cannot be told apart.
explain-agreement = Supervisors agree to { $before } (Krippendorff's alpha), and to { $after } once each one's scale is taken off: the difference is strictness, not judgement.
explain-extra_visit = One visit more to this nominee is expected to better the selection by { $gain } points.
obstacle-disconnected = The visits fall into { $given } parts that share no supervisor; they must be one.
obstacle-few_degrees_of_freedom = Beyond the first of each nominee there are { $given } sheets; it takes { $limit }.
obstacle-few_visits = Supervisor { $supervisor } has { $given } sheets; it takes { $limit }.
obstacle-poor_design = Supervisors cross to { $given_percent }% of what is possible; it takes { $limit_percent }%.
obstacle-no_sheet_counts = No sheet counts yet.
obstacle-single_visits = Each nominee has one sheet that counts: nothing tells supervisors apart.
obstacle-visited_twice = A supervisor has two sheets of one nominee.
obstacle-too_many = There are { $given } nominees or supervisors, and { $limit } at most can be fitted.
obstacle-not_determined = The sheets do not determine how generous supervisors are.
report-title = Report of the verification
report-places = 1. Ranking
report-scales = 2. Supervisors' scales
report-findings = 3. Worth a second look
report-findings-said = A list for people to look at, not a verdict.
report-nothing_found = Nothing was found.
report-simulation = Probabilities and intervals come of { $draws } replays from the seed { $seed }; anybody can draw them again.
report-digest = Digest of the ranking { $digest }
report-column-rank = Rank
report-column-nominee = Nominee
report-column-score = Score
report-column-raw_mean = Raw mean
report-column-calibrated = Calibrated
report-column-error = Error
report-column-probability = Sure of a place
report-column-interval = Ranks
report-column-zone = Zone
report-column-supervisor = Supervisor
report-column-sheets = Sheets
report-column-leniency = Scale (points)
explain-finding-outlying_visit = What { $supervisors } gave { $nominees } fits neither what others gave nor what they gave others (t = { $measure }): ask for the evidence.
explain-finding-one_sided-for = { $supervisors } gave { $nominees } { $size } points more on the mean than all the rest explains.
explain-finding-one_sided-against = { $supervisors } gave { $nominees } { $size } points less on the mean than all the rest explains.
explain-finding-scale = { $supervisors } spreads scores { $measure } times as far as all the others do.
explain-finding-identical_scores = { $supervisors } gave the very same points on all criteria { $sheets } times ({ $nominees }).
explain-finding-close_in_time = { $supervisors } submitted the sheets of { $nominees } { $measure } minutes apart.
explain-finding-no_proof = No photo shows the visit of { $supervisors } to { $nominees }.
explain-finding-reciprocal = { $supervisors } were each generous to the other's unit ({ $nominees }).
chart-ranking = Ranking with rank intervals
chart-scales = Supervisors' scales
chart-scale-interval = Where it lies with 95% confidence
chart-leniency = Points above (+) or below (-) colleagues
chart-scale = { $leniency } points ({ $sheets } sheets)
chart-rank = Rank (the line: { $places } places)
chart-place = { $score } points, { $share }%
chart-score = Score
chart-with_place = The first { $places }
chart-without_place = The others
obstacle_kind-disconnected = Visits that do not hang together
obstacle_kind-few_degrees_of_freedom = Too few sheets
obstacle_kind-few_visits = Too few sheets of a supervisor
obstacle_kind-poor_design = Supervisors cross too little
obstacle_kind-no_sheet_counts = No sheet counts
obstacle_kind-single_visits = One sheet for each nominee
obstacle_kind-visited_twice = Scored twice
obstacle_kind-too_many = Too many
obstacle_kind-not_determined = Not determined
design_grade-good = Good
design_grade-weak = Weak
design_grade-poor = Poor
zone-secure = Secure
zone-borderline = Borderline
zone-outside = Outside
sheet_flag-ask_for_evidence = Ask for the evidence
sheet_flag-must_explain = Must be explained
lambda_status-given = Given
lambda_status-interior = Estimated from the sheets
lambda_status-lower = At the lower end: hardly any noise
lambda_status-upper = At the upper end: hardly any difference in strictness
lambda_status-perfect_agreement = All sheets agree
finding_kind-outlying_visit = Score that stands out
finding_kind-one_sided = One-sided
finding_kind-scale = Unusual spread
finding_kind-identical_scores = Identical points
finding_kind-close_in_time = Submitted close in time
finding_kind-no_proof = No photo
finding_kind-reciprocal = Generous to each other

## What is known of an annual assessment

assessment_status-not_blended = Not counted
assessment_status-missing = Missing
assessment_status-not_assessed = Not assessed
assessment_status-assessed = Assessed

## What sets equal figures apart

tie_stage-criterion = Points of a criterion
tie_stage-annual_assessment = Annual assessment
tie_stage-resolved = Order given by the office

## How a list departs from the ranking

departure_kind-passed_over = Passed over
departure_kind-put_in = Put in out of rank
departure_kind-without_cause = Reason without a departure

## What the check of a certificate says

certificate-awarded = Certificate { $number } is valid: { $honouree } holds the honour “{ $title }”.
certificate-revoked = Certificate { $number } is no longer valid: the honour “{ $title }” given to { $honouree } was revoked by { $document } of { $day }.

rejection_ground-scope = The scope
rejection_ground-criterion = A criterion

## Pictures of the statistics

statistics_chart-states = Applications by category
statistics_chart-submissions = Submissions by day
statistics_chart-visits = Progress of verification
statistics_chart-durations = Time in each state
chart-none = No data yet
chart-all = All categories
chart-applications = Applications
chart-progress = Done (%)
chart-hours = Hours
chart-verified = Applications verified
chart-verified-of = { $done } of { $all }
chart-sheets = Sheets that count
chart-sheets-of = { $done } of { $all }, trips: { $trips }
chart-median = Median
chart-longest = Longest
chart-stays = { $count } × · median { $median } h · longest { $longest } h

## What would satisfy

remedy-member = Correct what is pointed at.
fault-about = { $about }: { $said }

## Pages of error codes

problem-page-meaning = What it means
problem-page-advice = What to do
problem-page-beneath = stands in the errors of a 409 or 422
document-check-current = This paper is current
document-check-stale = This paper is stale
document-check-kind = What it is
document-check-campaign = Selection
document-check-code = Check code
document-check-digest = Digest, which must stand on it too
document-check-printed = First printed
paper-number = No.
paper-attachments = Attachments
paper-attachment = Name
paper-digest = Digest
paper-opinion-unit = Opinion of the unit
paper-opinion-office = Opinion of the office
paper-opinion-decider = Opinion of the deciding body
paper-seal = (seal)
paper-day = Date:
paper-certificate = Certificate of Honour
paper-certificate-text = In the selection of { $year }, for outstanding work, you are commended as “{ $honour }”. This certificate is given as an encouragement.
paper-certificate-number = No. { $number }; decision { $document }
paper-date = { $year }-{ $month }-{ $day }
paper-annex = Annex
paper-award-list = List of the commended
paper-award-list-category = { $honour } ({ $count })
paper-honouree = Who is commended
paper-unit = Unit
paper-post = Post
paper-certificate-no = Certificate
advice-400 = Mend the request as the detail says; it is the caller's program that must change.
advice-401 = Log in, or renew the access token, and repeat the request.
advice-403 = Ask the security administrator for a role that has this operation, or change the password that you were given.
advice-404 = Look whether the address is right and whether you may see it: both are answered alike.
advice-405 = Use a method that the Allow header names.
advice-406 = Ask for a media type that the operation answers in, or send no Accept header.
advice-408 = Send the request again, over a better line if possible.
advice-409 = See in errors what stands in the way, and what would satisfy it; reload the resource and look at its allowed_actions.
advice-412 = Reload the resource, look at what has changed (conflicts names the places, where it is there), and repeat the request with its new ETag.
advice-413 = Send less: a body has at most 256 kB, a file as much as its category takes.
advice-414 = Ask for less at once: an address has at most 8,192 bytes.
advice-415 = Send the body as the operation takes it: application/json in UTF-8, and application/merge-patch+json for PATCH.
advice-416 = Ask for a part that is in the file, or for the whole.
advice-422 = Mend what the pointers in errors name, all of it at once, and send it again.
advice-428 = Send the ETag that you were given as If-Match; where something is created by PUT, If-None-Match: *.
advice-429 = Wait as long as Retry-After says, and try again; a security administrator can unlock an account.
advice-500 = Note the request id and tell the administrator; repeating the request does not help.
advice-503 = Wait as long as Retry-After says, and repeat the request.
advice-507 = Wait until the administrator has made room, and send it again.

# Jobs, and the columns of what they write and read.
job_kind-export = Export
job_kind-import = Import
job_kind-plan = Plan of assignments
job_state-queued = Queued
job_state-running = Running
job_state-succeeded = Succeeded
job_state-failed = Failed
job_state-cancelled = Cancelled
job_state-expired = Expired
export_kind-applications = Applications
export_kind-score_sheets = Score sheets
export_kind-ranking = Ranking
export_kind-shortlists = Shortlists
export_kind-awards = Awards
export_kind-statistics = Statistics
export_kind-archive = Archive
export_format-xlsx = Excel workbook
export_format-csv = CSV text
export_format-zip = ZIP package
import_kind-units = Units
import_kind-users = Accounts
import_kind-supervisors = Supervisors
import_kind-annual_assessments = Annual assessments
import_mode-dry_run = Check only
import_mode-all_or_nothing = All or nothing
import_mode-row_by_row = Each row that is right
column-id = Id
column-category = Category
column-nominee = Nominee
column-unit = Unit
column-nominee_kind = Kind of nominee
column-state = State
column-post = Post
column-is_leading_cadre = Leading cadre
column-front_line = Front line
column-submitted_at = Submitted at
column-content_digest = Content digest
column-position = Position
column-honouree = Honouree
column-certificate_number = Certificate number
column-document_number = Document number
column-decided_on = Decided on
column-announced_at = Announced at
column-revoked_by = Revoked by
column-application = Application id
column-rank = Rank
column-score = Score
column-verified = Verified score
column-verified_weight = Weight of verification (%)
column-assessment = Annual assessment
column-assessment_status = Status of the assessment
column-assessment_weight = Weight of the assessment (%)
column-adjustment = Adjustment
column-applied_policy = Policy applied
column-raw_mean = Raw mean
column-calibrated = Calibrated figure
column-standard_error = Error
column-probability = Probability of a place
column-first_rank = Rank interval (first)
column-last_rank = Rank interval (last)
column-zone = Zone
column-scoring_policy = Scoring policy
column-sheets = Sheets
column-sheets_counted = Sheets counted
column-decided_by = Told apart by
column-explanation = Explanation
column-list_state = State of the list
column-departure = Departure from the ranking
column-departure_reason = Reason of the departure
column-declined_reason = Reason for declining
column-shortlist = Shortlist id
column-supervisor = Supervisor
column-assignment_state = State of the assignment
column-composite = Composite
column-counts = Counts
column-remark = Remark
column-written_at = Written at (device)
column-count = Count
column-kind = Kind of unit
column-day = Day
column-median_hours = Median (hours)
column-longest_hours = Longest (hours)
column-count_accepted = Accepted
column-count_verified = Verified
column-count_sheets_due = Sheets due
column-count_sheets_submitted = Sheets submitted
column-count_sheets_counting = Sheets counting
column-count_trips = Trips
column-criterion = Criterion { $number }, mean
column-points = Criterion { $number }, points
column-cannot_judge = Criterion { $number }, cannot judge
column-reason = Criterion { $number }, reason
column-finding = Criterion { $number }, veto finding
column-evidence = Criterion { $number }, findings and attachments referred to
column-code = Unified social credit code
column-name = Full name
column-short_name = Short name
column-active = Active
column-latitude = Latitude
column-longitude = Longitude
column-district = District
column-unit_kind = Kind of unit
column-username = Username
column-display_name = Display name
column-roles = Roles
column-unit_code = Unit code
column-supervisor_id = Supervisor id
column-valid_until = Valid until
column-password = One-time password
column-person_name = Name
column-citizen_id = Citizen ID
column-phone = Telephone
column-appointed_from = Appointed from
column-appointed_until = Appointed until
column-year = Year
column-assessment_score = Score
column-not_assessed_reason = Why not assessed
statistics-states = By state
statistics-categories = By category
statistics-kinds = By kind of unit
statistics-days = By day
statistics-undeclared = Units that have not declared
statistics-verification = Verification
statistics-durations = Durations
import-report = import report
import-note-headings = The first row holds the headings, which stay; each row below is one entry.
import-note-roles = Several roles are parted by commas; an account of a unit needs the unit code, that of a supervisor the supervisor id.
