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
invalid_parameter = The value of the query parameter { $parameter } is not valid, or it is given more than once.
    .title = Invalid parameter
unsupported_media_type = The media type of the body is not supported: use application/json to send and application/merge-patch+json to change.
    .title = Unsupported media type
payload_too_large = The body is too large; please shorten it and try again.
    .title = Payload too large
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

## Accounts

username_taken = The user name is taken; please choose another.
roles_incompatible = One account cannot hold these roles together: auditor, system administrator, security administrator and machine client each stand alone.
role_needs_unit = The role of a unit needs a unit; without that role no unit is given.
role_needs_supervisor = The role of a supervisor needs a supervisor; without that role no supervisor is given.
password_too_weak = The password is too weak: it needs at least { $least } characters, without the user name, not one character over and over.
password_unchanged = The new password must differ from the current one.
wrong_password = The current password is wrong.
own_account = You cannot disable your own account; another security administrator can.
last_security_admin = At least one security administrator must be able to log in.
unit_code_taken = The unified social credit code is registered for another unit.
citizen_id_taken = The citizen ID is registered already.

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
share_rules_for_units = Share rules are for persons; this category honours units.
assessment_without_unit = Supervisors have no annual assessment; its weight must be 0.
not_yet_supported = The system does not support this setting yet ({ $feature }).

## The campaign

campaign_cancelled = The campaign has been cancelled; nothing more can be done in it.
window_not_open = Acceptance has not opened; it opens after { $opens_at }.
deadline_not_passed = The deadline, { $deadline }, has not passed yet.
applications_undecided = Submitted applications not decided on: { $count }; please accept, return or reject them first.
corrections_open = A returned application may still be corrected until { $until }.
applications_unverified = Accepted applications not yet verified: { $count }.
categories_undecided = These categories have no approved list yet: { $categories }.
archive_package_missing = The archive package has not been made.
campaign_has_applications = The campaign has applications and cannot be deleted.
list_approved = The list has been approved; this is no longer possible.
campaign_not_accepting = The campaign is in the phase “{ $phase }”; it does not accept declarations now.
campaign_not_verifying = The campaign is in the phase “{ $phase }”; it does not verify now.
campaign_not_selecting = The campaign is in the phase “{ $phase }”; it does not select now.

## The application

nominee_out_of_scope = The nominee is out of the category's scope: this kind of unit ({ $kind }) cannot declare.
route_not_declared = The office evaluates this category; it takes no declarations.
deadline_passed = The deadline, { $deadline }, has passed.
correction_date_passed = The correction date, { $deadline }, has passed.
stands_in_another_category = The nominee stands in another category of this campaign; one may stand in one category only.
per_unit_limit_reached = The unit has reached its limit in this category ({ $limit }).
form_incomplete = The form is not complete.
paper_copies_missing = Sealed paper copies are missing: { $needed } are needed, { $received } have been received.
paper_stale = The paper copies received do not match the content as it is now: print it, have it sealed and record the receipt again.
notice_closed = The last notice of its list has closed; it can no longer be withdrawn.
unknown_category = The campaign has no such category.
unit_inactive = The unit is no longer active and cannot declare.
own_unit_only = A unit declares for itself: this must read “{ $unit }”.

## Verification and scoring

own_unit = A supervisor takes no part in verifying or scoring the own unit's nominees.
supervisor_is_candidate = The supervisor is a candidate in this category and has no hand in it.
already_assigned = The supervisor is assigned to this application already.
supervisor_inactive = The supervisor is not in office.
application_not_accepted = The application is not in the state “accepted”; it cannot be assigned.
sheet_submitted = The score sheet has been submitted.
not_confirmed = The office has not confirmed the assignment yet.
not_declared = The supervisor must first declare that there is no conflict of interest; whoever is recused does not score.
site_visit_missing = No site visit with this supervisor is recorded; please record it first.
sheet_incomplete = Criterion { $criterion } is not judged yet: give points, or mark it “cannot judge”, with a reason.
participants_missing = A site visit has at least two participants, one of them a supervisor assigned to the application (recorded: { $participants }).
not_a_participant = A supervisor who records a site visit must be one of its participants.
visit_record_in_use = Submitted score sheets rest on this visit; their supervisors and the application must stay as they are.
dissent_needs_reason = Where the unit dissents, its reason is needed.
ranking_in_use = A list has been made from the ranking; nothing behind it can change until the list is returned.
nothing_planned = There are no planned assignments to confirm.
out_of_term = The day is not in the supervisor's term of appointment.
own_record = Nobody reviews their own duty record.

## Review and decision

list_alive = The category has a shortlist under way already.
assessment_missing = The annual assessment for { $nominee } is missing: record its score, or that it is not assessed and why.
tie_unresolved = There is a tie across the quota boundary: please resolve it first, with a reason.
no_tie = There is no tie to resolve.
tie_order_incomplete = The order of the tie is not complete: { $missing } missing.
quota_exceeded = The list has { $entries } entries for a quota of { $quota }: { $over_by } too many.
surplus_missing = The surplus is missing: with { $verified } verified the list may hold { $allowed }, and it has { $entries }.
leading_cadre_share = Too many leading cadres: at most { $allowed } are allowed, there are { $present }, { $over_by } too many.
front_line_share = Too few people of the front line: at least { $needed } are needed, there are { $present }, { $short_by } too few.
departure_reason_missing = The list departs from the ranking for { $nominee }; a reason is needed.
departure_without_cause = The list follows the ranking for { $nominee }; please remove the reason for departing from it.
entry_not_standing = The application of { $nominee } no longer stands; please take it off the list.
ranking_changed = The ranking has changed since the list was made; please bring the list up to date.
list_empty = No candidate stands on the list.
entry_unknown = This application does not belong here.
consent_missing = The approver must consent before the names are shown.
calendar_missing = The calendar of working days for { $year } is missing; please enter it first.
notice_running = The notice is still running, until { $until }.
not_noticed = { $nominee } has not stood in a closed notice.
own_proposal = Who proposed a list does not decide on it; somebody else must.
notice_not_closed = A notice of the list is still running.
meeting_incomplete = Name everybody who was present; whoever was recused does not count as present.
declined_all = Not all of the list can be declined; return the list instead.

## Kinds of units

unit_kind-township = Township
unit_kind-zone_committee = Zone committee
unit_kind-department = County department
unit_kind-county_direct = County-direct unit

## Nominees

nominee_kind-unit = Unit
nominee_kind-person = Person
nominee_kind-supervisor = Supervisor

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
role-integration = Machine client

## Workflows

workflow-campaign = Campaign
workflow-application = Application
workflow-assignment = Assignment
workflow-score_sheet = Score sheet
workflow-shortlist = Shortlist
workflow-public_notice = Public notice
workflow-duty_record = Duty record
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

## States of an account

account_state-active = Active
account_state-disabled = Disabled

## Whether an award stands

award_state-awarded = In force
award_state-revoked = Revoked

## A visited unit's word

verdict-confirms = Confirms
verdict-dissents = Dissents

## How assignments are planned

plan_method-plain = Plain
plan_method-balanced = Balanced

## Who may call

who-public = Anyone
who-logged_in = Anyone logged in

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

## Objects

object_kind-user = Account
object_kind-session = Session
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

## Conditions: assignment and score sheet

guard-application_accepted = The application is accepted
guard-supervisor_in_office = The supervisor is in office
guard-not_own_unit = The supervisor is not of the nominee's unit
guard-not_candidate = The supervisor does not stand in the category
guard-not_assigned_yet = The supervisor does not score the application already
guard-no_sheet_submitted = No sheet has been submitted
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
guard-period_over = Its period is over

## Conditions: duty record and account

guard-in_term = The day is in the supervisor's term of appointment
guard-not_own_record = Nobody reviews their own record
guard-not_oneself = Nobody disables their own account
guard-security_admin_left = One security administrator at least can log in

## Operations: log-in and accounts

operation-login = Log in
operation-refresh_session = Renew the session
operation-logout = Log out
operation-get_me = View the own account
operation-change_password = Change the password
operation-get_jwks = View the token keys
operation-list_users = List the accounts
operation-create_user = Create an account
operation-get_user = View the account
operation-update_user = Change the account
operation-disable_user = Disable the account
operation-enable_user = Enable the account

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
operation-record_paper_receipt = Record the paper copies
operation-waive_visits = Waive the remaining visits
operation-disqualify_application = Disqualify the application
operation-substitute_application = Substitute
operation-revoke_award = Revoke the award

## Operations: verification and scoring

operation-plan_assignments = Plan the assignments
operation-confirm_assignments = Confirm the assignments
operation-list_assignments = List the assignments
operation-create_assignment = Add an assignment
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

## Operations: the server itself

operation-liveness = Check that the process lives
operation-readiness = Check that the server can work
operation-openapi_document = View the OpenAPI document
operation-swagger_ui = Open Swagger UI

## How a ranking explains itself

explain-score-blended = The verified score of { $verified } (sheets that count: { $counted }) weighs { $verified_weight }%, the annual assessment of { $assessment } weighs { $assessment_weight }%: together { $score }.
explain-score-verified = The score of { $score } is the verified score, the mean of the sheets that count ({ $counted }).
explain-score-not_assessed = The county does not assess the unit, so the verified score of { $verified } (sheets that count: { $counted }) counts whole: { $score }.
explain-score-evaluated = The office's evaluation of the duty records gives { $score }.
explain-score-missing = The verified score is { $verified }; there is no score until the annual assessment is recorded.
explain-score-no_sheets = No score sheet counts yet (submitted: { $sheets }), so there is no score.
explain-verified-mean = The verified score of { $verified } is the mean of the sheets that count ({ $composites }).
explain-verified-evaluated = { $verified } is the mean of the criteria's points from duty records, by weight.
explain-verified-none = No score sheet counts yet, so there is no verified score.
explain-assessment-assessed = The annual assessment is { $assessment } and weighs { $weight }%.
explain-assessment-not_assessed = The county does not assess the unit; the verified score counts whole.
explain-assessment-not_blended = The category does not count the annual assessment.
explain-assessment-missing = The annual assessment has not been recorded yet.
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
certificate-revoked = Certificate { $number } is no longer valid: the honour “{ $title }” given to { $honouree } has been revoked.

rejection_ground-scope = The scope
rejection_ground-criterion = A criterion
