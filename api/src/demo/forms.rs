//! Forms of the 2022 selection as an invented unit or person would fill them in.

use pingxuan_domain::campaign::definition::Category;
use serde_json::{Map, Value, json};

use super::county::{birth, citizen_id, phone};

const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "吴", "钟", "谢", "曾", "邱", "温", "蓝", "雷", "吕", "肖",
    "胡", "欧阳", "赖",
];
const GIVEN_NAMES: [&str; 30] = [
    "建国", "晓燕", "志强", "丽华", "文斌", "秀英", "海涛", "春兰", "卫东", "雪梅", "立新", "桂香", "永福",
    "小玲", "克勤", "素珍", "国平", "美华", "家明", "慧敏", "振华", "冬梅", "庆丰", "玉洁", "思远", "爱莲",
    "学文", "红霞", "光明", "淑芬",
];
const POSTS: [(&str, &str); 3] =
    [("党政办干部", "一级科员"), ("便民服务中心主任", "四级主任科员"), ("业务股股长", "三级主任科员")];
const LEADING_POST: (&str, &str) = ("副职领导", "副科级");

/// Deeds as any unit could have done them; a number stands where `{}` is.
const DEEDS: [&str; 8] = [
    "建立任务清单和销号台账,全年办结{}件,件件有回音",
    "开展走访调研{}次,梳理并解决一批群众反映强烈的问题",
    "压减办理环节和材料,平均办理时间缩短{}%",
    "组织业务培训和政策宣讲{}场,做到应知尽知",
    "推行帮办代办,上门服务老年人和残疾人{}人次",
    "会同有关单位现场办公{}次,协调解决堵点难点",
    "公开承诺事项{}项,接受社会监督,全部兑现",
    "推广可复制的做法{}条,在全县交流",
];

/// A person as a unit nominates them.
#[derive(Clone, Debug)]
pub struct Nominee {
    /// Name.
    pub name: String,
    /// Citizen ID.
    pub citizen_id: String,
    /// Their number: what makes them unlike the others.
    pub number: usize,
    /// Whether they are a leading cadre.
    pub leading: bool,
    /// Whether they work at the front line.
    pub front_line: bool,
}

impl Nominee {
    /// An invented person; those of the first six hundred numbers have names of their own.
    #[must_use]
    pub fn invented(number: usize, leading: bool) -> Self {
        let surname = pick(&SURNAMES, number);
        let given = pick(&GIVEN_NAMES, number * 7 + number / 60);
        Self {
            name: format!("{surname}{given}"),
            citizen_id: citizen_id(number),
            number,
            leading,
            front_line: !leading && number % 2 == 1,
        }
    }
}

fn pick<'a>(of: &[&'a str], number: usize) -> &'a str {
    of.get(number % of.len().max(1)).copied().unwrap_or_default()
}

/// The deeds against each criterion of a category.
fn deeds(category: &Category, number: usize) -> Value {
    let members: Map<String, Value> = category
        .criteria
        .iter()
        .zip(1_usize..)
        .map(|(criterion, place)| {
            let count = (number * 13 + place * 17) % 90 + 10;
            let deed = pick(&DEEDS, number + place * 3).replace("{}", &count.to_string());
            (
                format!("criterion_{}", criterion.number),
                json!(format!("围绕“{}”,{deed}。(演示数据)", criterion.title.value)),
            )
        })
        .collect();
    Value::Object(members)
}

/// The declaration of a unit, complete.
#[must_use]
pub fn unit_form(category: &Category, unit_name: &str, number: usize) -> Value {
    let (surname, given) = (pick(&SURNAMES, number + 5), pick(&GIVEN_NAMES, number * 11 + 3));
    json!({
        "name": unit_name,
        "headcount": 20 + number % 7 * 9,
        "head": format!("{surname}{given}"),
        "contact": format!("{}{}", pick(&SURNAMES, number + 9), pick(&GIVEN_NAMES, number * 3)),
        "phone": format!("0797-{:07}", number + 1),
        "deeds": deeds(category, number),
        "honours": [{"year": 2021, "title": "年度工作先进单位(演示数据)", "granted_by": "县政府"}],
        "penalties": [],
    })
}

/// The recommendation of a person, complete.
#[must_use]
pub fn person_form(category: &Category, unit_name: &str, person: &Nominee) -> Value {
    let (year, month, _) = birth(person.number);
    let posts = POSTS.get(person.number % POSTS.len()).copied().unwrap_or(LEADING_POST);
    let (post, rank) = if person.leading { LEADING_POST } else { posts };
    json!({
        "name": person.name,
        "sex": if person.number.is_multiple_of(2) { "female" } else { "male" },
        "ethnicity": if person.number.is_multiple_of(9) { "畲族" } else { "汉族" },
        "birth_month": format!("{year:04}-{month:02}"),
        "political_status": if person.number.is_multiple_of(5) { "non_party" } else { "party_member" },
        "education": "大学本科",
        "working_since": format!("{:04}-07", year + 22),
        "post": post,
        "rank": rank,
        "citizen_id": person.citizen_id,
        "phone": phone(person.number),
        "is_leading_cadre": person.leading,
        "front_line": person.front_line,
        "resume": format!("{}年7月参加工作,现任{unit_name}{post}。(演示数据)", year + 22),
        "deeds": deeds(category, person.number),
        "honours": [],
        "penalties": [],
        "internal_showing": {
            "shown_from": "2022-10-24", "shown_until": "2022-10-28", "how": "单位公示栏", "result": "无异议",
        },
    })
}
