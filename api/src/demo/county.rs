//! The county of the demonstration: real units under invented codes, and people who are all invented.

use std::borrow::Cow;
use std::sync::LazyLock;

use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::identifiers::{citizen_id_check_digit, credit_code_check_digit};
use serde::Deserialize;

/// The notice definition of the 2022 selection, as JSON.
pub const DEFINITION: &str = include_str!("../../../campaigns/xingguo-2022.json");

/// The units of the county, as `campaigns/xingguo-2022.units.json` has them; none where that file is no such list.
pub static COUNTY: LazyLock<Option<County>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../campaigns/xingguo-2022.units.json")).ok());

/// A county and its units.
#[derive(Clone, Debug, Deserialize)]
pub struct County {
    /// The six digits of its administrative division.
    pub region_code: String,
    /// Its units.
    pub units: Vec<CountyUnit>,
}

/// A unit of the list, or one that is invented.
#[derive(Clone, Debug, Deserialize)]
pub struct CountyUnit {
    /// What kind of unit it is.
    pub kind: UnitKind,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
}

impl CountyUnit {
    /// What the unit's account logs in with.
    #[must_use]
    pub fn username(&self, number: usize) -> String {
        let slug = SLUGS.iter().find(|(short_name, _)| *short_name == self.short_name);
        slug.map_or_else(|| format!("unit-{:02}", number + 1), |(_, slug)| (*slug).to_owned())
    }
}

impl County {
    /// Its units, and invented ones after them, kinds mixed as the county's are, until there are so many.
    #[must_use]
    pub fn grown_to(&self, units: usize) -> Vec<CountyUnit> {
        let invented = self.units.iter().cycle().zip(self.units.len()..units).map(|(like, number)| {
            let short_name = format!("演示单位{:04}", number + 1);
            CountyUnit { kind: like.kind, name: format!("兴国县{short_name}"), short_name }
        });
        self.units.iter().cloned().chain(invented).collect()
    }

    /// An invented 统一社会信用代码 with a valid check digit: `11` for an organ of government, `XN` (虚拟) where a real code has
    /// the first characters of its organisation's.
    #[must_use]
    pub fn credit_code(&self, number: usize) -> String {
        let body = format!("11{}XN{:07}", self.region_code, number + 1);
        let check = credit_code_check_digit(&body).unwrap_or('0');
        format!("{body}{check}")
    }
}

/// An invented place for a unit: a point of a grid over the county, and a part of it that says that it is none.
#[must_use]
pub fn place(number: usize) -> (f64, f64, &'static str) {
    let step = |number: usize| f64::from(u32::try_from(number % 8).unwrap_or_default()) * 0.08;
    let district = if number.is_multiple_of(2) { "演示东片" } else { "演示西片" };
    (26.05 + step(number), 115.1 + step(number / 8), district)
}

/// An invented citizen ID with a valid check digit, different for all numbers below 6,300. Its region, 360799, was never given to any place, so that it is nobody's.
#[must_use]
pub fn citizen_id(number: usize) -> String {
    let (year, month, day) = birth(number);
    let body = format!("360799{year:04}{month:02}{day:02}{:03}", 100 + number % 900);
    let check = citizen_id_check_digit(&body).unwrap_or('0');
    format!("{body}{check}")
}

/// The invented birthday of the citizen ID of this number: year, month, day.
#[must_use]
pub fn birth(number: usize) -> (usize, usize, usize) {
    (1966 + number % 30, 1 + number % 12, 1 + number % 28)
}

/// An invented telephone number: no mobile number begins with 100.
#[must_use]
pub fn phone(number: usize) -> String {
    format!("100{number:08}")
}

/// A supervisor of the demonstration.
#[derive(Clone, Debug)]
pub struct Invented {
    /// Name.
    pub name: Cow<'static, str>,
    /// What they do.
    pub post: Cow<'static, str>,
    /// Short name of the unit at which they work: they never score it (D-603).
    pub unit: Option<&'static str>,
    /// Whether they are a leading cadre.
    pub leading: bool,
    /// Whether they work at the front line.
    pub front_line: bool,
}

const fn invented(
    name: &'static str,
    post: &'static str,
    unit: Option<&'static str>,
    leading: bool,
    front_line: bool,
) -> Invented {
    Invented { name: Cow::Borrowed(name), post: Cow::Borrowed(post), unit, leading, front_line }
}

/// Of so many units beyond the county's, each brings one more supervisor.
const UNITS_A_SUPERVISOR: usize = 5;

/// The supervisors of a county that has so many units: the twelve, and more of them for what it was grown by.
#[must_use]
pub fn supervisors(units: usize) -> Vec<Invented> {
    let of_county = COUNTY.as_ref().map_or(0, |county| county.units.len());
    let more = units.saturating_sub(of_county) / UNITS_A_SUPERVISOR;
    let invented = (1..=more).map(|number| Invented {
        name: Cow::Owned(format!("演示{number:03}")),
        post: Cow::Borrowed("社会监督员"),
        unit: None,
        leading: false,
        front_line: number % 2 == 0,
    });
    SUPERVISORS.into_iter().chain(invented).collect()
}

/// The twelve supervisors. Seven work at units of the county, so that conflicts of interest are there to be found.
const SUPERVISORS: [Invented; 12] = [
    invented("钟守正", "县人大代表", None, false, false),
    invented("刘明察", "县政协委员", None, false, false),
    invented("谢𫖮言", "社区党支部书记", Some("城市社区管委会"), false, true),
    invented("陈问清", "信访督查专员", Some("县信访局"), false, true),
    invented("曾知微", "县司法局副局长", Some("县司法局"), true, false),
    invented("黄敬业", "便民服务中心主任", Some("江背镇"), false, true),
    invented("李秉直", "律师", None, false, false),
    invented("邱听民", "村党支部书记", Some("潋江镇"), false, true),
    invented("温履实", "企业代表", None, false, false),
    invented("雷察微", "审计一股股长", Some("县审计局"), false, true),
    invented("蓝静宜", "中学教师", Some("县教育科技体育局"), false, true),
    invented("吕清和", "记者", None, false, false),
];

/// Who works in the house: username, display name, role.
pub const STAFF: [(&str, &str, &str); 7] = [
    ("security-admin", "安全管理员", "security_admin"),
    ("office-01", "县“五型”办经办人(一)", "office"),
    ("office-02", "县“五型”办经办人(二)", "office"),
    ("approver-01", "县政府审定人(一)", "approver"),
    ("approver-02", "县政府审定人(二)", "approver"),
    ("auditor", "审计管理员", "auditor"),
    ("admin", "系统管理员", "admin"),
];

/// What the account of each unit logs in with.
const SLUGS: [(&str, &str); 61] = [
    ("潋江镇", "lianjiang"),
    ("江背镇", "jiangbei"),
    ("古龙岗镇", "gulonggang"),
    ("梅窖镇", "meijiao"),
    ("高兴镇", "gaoxing"),
    ("良村镇", "liangcun"),
    ("龙口镇", "longkou"),
    ("城岗镇", "chenggang"),
    ("兴江乡", "xingjiang"),
    ("樟木乡", "zhangmu"),
    ("东村乡", "dongcun"),
    ("兴莲乡", "xinglian"),
    ("杰村乡", "jiecun"),
    ("社富乡", "shefu"),
    ("埠头乡", "butou"),
    ("永丰乡", "yongfeng"),
    ("隆坪乡", "longping"),
    ("均村乡", "juncun"),
    ("茶园乡", "chayuan"),
    ("崇贤乡", "chongxian"),
    ("枫边乡", "fengbian"),
    ("南坑乡", "nankeng"),
    ("方太乡", "fangtai"),
    ("鼎龙乡", "dinglong"),
    ("长冈乡", "changgang"),
    ("经济开发区", "jingkaiqu"),
    ("城市社区管委会", "chengshishequ"),
    ("县政府办公室", "zhengfuban"),
    ("县发展和改革委员会", "fagaiwei"),
    ("县教育科技体育局", "jiaoketiju"),
    ("县工业和信息化局", "gongxinju"),
    ("县公安局", "gonganju"),
    ("县民政局", "minzhengju"),
    ("县司法局", "sifaju"),
    ("县财政局", "caizhengju"),
    ("县人力资源和社会保障局", "rensheju"),
    ("县自然资源局", "ziranziyuanju"),
    ("县住房和城乡建设局", "zhujianju"),
    ("县交通运输局", "jiaotongju"),
    ("县水利局", "shuiliju"),
    ("县农业农村局", "nongyeju"),
    ("县商务局", "shangwuju"),
    ("县文化广电旅游局", "wenguanglvju"),
    ("县卫生健康委员会", "weijianwei"),
    ("县退役军人事务局", "tuiyijunrenju"),
    ("县应急管理局", "yingjiju"),
    ("县审计局", "shenjiju"),
    ("县市场监督管理局", "shichangjianguanju"),
    ("县统计局", "tongjiju"),
    ("县医疗保障局", "yibaoju"),
    ("县城市管理局", "chengguanju"),
    ("县行政审批局", "xingzhengshenpiju"),
    ("县信访局", "xinfangju"),
    ("县林业局", "linyeju"),
    ("县供销合作社联合社", "gongxiaoshe"),
    ("县税务局", "shuiwuju"),
    ("县气象局", "qixiangju"),
    ("县烟草专卖局", "yancaoju"),
    ("县供电公司", "gongdiangongsi"),
    ("县邮政分公司", "youzhenggongsi"),
    ("县公积金管理中心", "gongjijinzhongxin"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use pingxuan_domain::identifiers::{check_citizen_id, check_credit_code};

    use super::*;

    #[test]
    fn every_unit_has_a_valid_code_and_a_username_of_its_own() {
        let county = COUNTY.as_ref().unwrap();
        let mut usernames = BTreeSet::new();
        for (number, unit) in county.units.iter().enumerate() {
            assert_eq!(check_credit_code(&county.credit_code(number)), Ok(()), "{}", unit.name);
            assert!(
                SLUGS.iter().any(|(short_name, _)| *short_name == unit.short_name),
                "{}",
                unit.short_name
            );
            assert!(usernames.insert(unit.username(number)), "{}", unit.short_name);
        }
        assert_eq!(county.units.len(), SLUGS.len());
    }

    #[test]
    fn a_grown_county_has_its_own_units_first_and_as_many_as_are_asked_for() {
        let county = COUNTY.as_ref().unwrap();
        let grown = county.grown_to(2000);
        assert_eq!(grown.len(), 2000);
        assert_eq!(grown.get(60).unwrap().short_name, county.units.get(60).unwrap().short_name);
        let different = |of: &dyn Fn(usize, &CountyUnit) -> String| {
            grown.iter().enumerate().map(|(number, unit)| of(number, unit)).collect::<BTreeSet<_>>().len()
        };
        assert_eq!(different(&|_, unit| unit.name.clone()), 2000);
        assert_eq!(different(&|number, unit| unit.username(number)), 2000);
        assert_eq!(different(&|number, _| county.credit_code(number)), 2000);
        assert_eq!(county.grown_to(1).len(), county.units.len());
        let names: BTreeSet<_> = supervisors(2000).into_iter().map(|supervisor| supervisor.name).collect();
        assert_eq!((supervisors(61).len(), names.len()), (12, 12 + 387));
    }

    #[test]
    fn d_905_every_invented_person_has_a_valid_citizen_id_of_their_own() {
        let ids: BTreeSet<String> = (0..6300).map(citizen_id).collect();
        assert_eq!(ids.len(), 6300);
        assert!(ids.iter().all(|id| check_citizen_id(id) == Ok(())));
    }

    #[test]
    fn supervisors_work_at_units_of_the_county() {
        let county = COUNTY.as_ref().unwrap();
        for unit in SUPERVISORS.into_iter().filter_map(|supervisor| supervisor.unit) {
            assert!(county.units.iter().any(|of_county| of_county.short_name == unit), "{unit}");
        }
    }
}
