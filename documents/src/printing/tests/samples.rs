//! Papers of the office, as examples and for the tests: forms, a certificate, a list, a notice.

use serde_json::{Value, json};
use time::macros::date;

use crate::printing::{Check, Language, Paper, Part, Seal, Sheet, Style, Table, form};

pub(super) const URL: &str = "https://pingxuan.example.gov.cn/verify/PX-7K3M-92QD";

/// A paper around parts.
pub(super) fn paper(title: &str, language: Language, sheet: Sheet, parts: Vec<Part>) -> Paper {
    Paper {
        title: title.to_owned(),
        language,
        sheet,
        date: date!(2022 - 07 - 01),
        parts,
        check: Some(Check {
            code: "PX-7K3M-92QD".to_owned(),
            digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            url: URL.to_owned(),
        }),
    }
}

pub(super) fn text(style: Style, text: &str) -> Part {
    Part::Text(style, text.to_owned())
}

/// The three forms of the notice of 2022, with what the nominating units wrote.
pub(super) fn forms() -> Vec<(Value, Value)> {
    let notice: Value =
        serde_json::from_str(include_str!("../../../../campaigns/xingguo-2022.json")).unwrap();
    let forms = notice["categories"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|category| category.pointer("/form/value"));
    forms.cloned().zip([township(), collective(), individual()]).collect()
}

/// A filled-in form with the opinions that it needs.
pub(super) fn declaration(form_of: &Value, value: &Value, language: Language) -> Paper {
    let seal = |zh: &str, en: &str, opinion: &str| {
        let closing = [language.of("（盖章）", "(Seal)"), language.of("年　　月　　日", "Date:")];
        vec![Seal {
            label: language.of(zh, en).to_owned(),
            text: opinion.to_owned(),
            closing: closing.map(str::to_owned).into(),
        }]
    };
    let mut parts = form(&form_of["schema"], &form_of["ui"], value, language);
    parts.push(Part::Table(Table::seals([
        seal(
            "单位意见",
            "Opinion of the unit",
            language.of("同意推荐，情况属实。", "Agreed; the facts are true."),
        ),
        seal("县“五型”办意见", "Opinion of the county’s office", ""),
        seal("县政府意见", "Opinion of the county government", ""),
    ])));
    let labels = [language.of("填表人（签名）：", "Filled in by: "), language.of("填表日期：", "Date: ")];
    parts.push(Part::Signatures(labels.map(str::to_owned).into()));
    let title = form_of["title"][language.of("zh", "en")].as_str().unwrap();
    paper(title, language, Sheet::Document, parts)
}

fn township() -> Value {
    json!({
        "name": "兴国县江背镇人民政府",
        "headcount": 86,
        "head": "犇堃",
        "contact": "王·玛依拉",
        "phone": "0797-5200000",
        "deeds": {
            "criterion_1": "落实“四个不摘”，对“三类人群”逐户建档，动态清零。".repeat(12),
            "criterion_2": "便民服务中心设窗口9个，全年办件12,386件，办结率100%；“帮代办”队伍覆盖18个村。".repeat(8),
            "criterion_3": "农村生活垃圾日产日清。\n“四好农村路”新改建23.5公里。",
            "criterion_4": "划分网格132个，调解矛盾纠纷317件——成功率98.4%。",
            "criterion_5": "城乡居民养老保险参保率达99.1%……民生实事10件全部办结。"
        },
        "honours": [
            { "year": 2020, "title": "全市平安乡镇", "granted_by": "中共赣州市委、赣州市人民政府" },
            { "year": 2021, "title": "全省卫生乡镇", "granted_by": "江西省爱国卫生运动委员会" }
        ],
        "penalties": []
    })
}

fn collective() -> Value {
    json!({
        "name": "兴国县行政审批局政务服务中心",
        "headcount": 42,
        "head": "喆龘",
        "contact": "欧阳㛃",
        "phone": "13870700001",
        "deeds": {
            "criterion_1": "坚持党建引领，每月开展主题党日活动。",
            "criterion_2": "推行“一窗受理、集成服务”，平均办理时限压缩61.7%。".repeat(16),
            "criterion_3": "服务项目126个，总投资48.6亿元。",
            "criterion_4": "设立“办不成事”反映窗口，受理诉求213件，满意率100%。"
        },
        "honours": (2019..2022).map(|year| json!({
            "year": year, "title": format!("{year}年度全县先进集体"), "granted_by": "中共兴国县委"
        })).collect::<Vec<_>>(),
        "penalties": [{ "year": 2020, "title": "通报批评", "decided_by": "县效能办" }]
    })
}

pub(super) fn individual() -> Value {
    json!({
        "name": "阿依古丽·买买提",
        "sex": "female",
        "ethnicity": "维吾尔族",
        "birth_month": "1985-03",
        "political_status": "party_member",
        "education": "大学本科，管理学学士",
        "working_since": "2008-07",
        "post": "便民服务中心主任",
        "rank": "四级主任科员",
        "citizen_id": "360732198503070028",
        "phone": "13870700002",
        "is_leading_cadre": false,
        "front_line": true,
        "resume": "2004.09—2008.07　江西师范大学公共管理专业学习\n2008.07—2016.03　江背镇党政办科员\n2016.03—　江背镇便民服务中心主任",
        "deeds": {
            "criterion_1": "带头学习，始终把群众放在心上。".repeat(10),
            "criterion_2": "三年来受理事项8,214件，无一超时，创新“错时延时”服务。".repeat(14),
            "criterion_3": "连续三年除夕在岗值守。",
            "criterion_4": "严守纪律，拒收礼金礼品，未发生违纪违法问题。"
        },
        "honours": [{ "year": 2021, "title": "全县优秀共产党员", "granted_by": "中共兴国县委" }],
        "penalties": [],
        "internal_showing": {
            "shown_from": "2022-07-01",
            "shown_until": "2022-07-07",
            "how": "在镇政府公示栏、工作群同时公示",
            "result": "公示期间未收到异议"
        }
    })
}

/// 荣誉证书.
pub(super) fn certificate(language: Language, sheet: Sheet) -> Paper {
    let parts = match language {
        Language::Zh => vec![
            text(Style::Title, "荣誉证书"),
            text(Style::Plain, "阿依古丽·买买提同志："),
            text(Style::Body, "在兴国县2022年度“五型”政府建设中成绩突出，被评为“五型”政府建设先进个人。"),
            text(Style::Body, "特发此证，以资鼓励。"),
            text(Style::Closing, "兴国县人民政府\n2022年12月1日"),
            text(Style::Note, "证书编号：兴府荣〔2022〕018号　　表彰文件：兴府发〔2022〕36号"),
        ],
        Language::En => vec![
            text(Style::Title, "Certificate of Honour"),
            text(Style::Subtitle, "This is to certify that"),
            text(Style::Subtitle, "Ayigul Memet"),
            text(
                Style::Body,
                "has been commended as an Advanced Individual in building a five-quality government in Xingguo County in 2022.",
            ),
            text(Style::Closing, "People’s Government of Xingguo County\n1 December 2022"),
            text(Style::Note, "Certificate No. 018 of 2022. Decision: Xing Fu Fa (2022) No. 36"),
        ],
    };
    paper(language.of("荣誉证书", "Certificate of Honour"), language, sheet, parts)
}

/// 表彰名单, the annex of a decision.
pub(super) fn commended() -> Paper {
    let columns = [("序号", 2), ("姓名", 4), ("单位及职务", 11), ("证书编号", 7)];
    let columns = columns.map(|(title, share)| (title.to_owned(), share));
    let row = |number: usize, name: &str| {
        vec![
            number.to_string(),
            name.to_owned(),
            "兴国县江背镇人民政府便民服务中心主任".to_owned(),
            format!("兴府荣〔2022〕{number:03}号"),
        ]
    };
    let parts = vec![
        text(Style::Plain, "附件"),
        text(Style::Title, "兴国县2022年度“五型”政府建设表彰名单"),
        text(Style::Heading, "一、优秀监督员（2名）"),
        Part::Table(Table::list(&columns, (1..=2).map(|number| row(number, "刘堃喆")))),
        text(Style::Heading, "二、先进个人（50名）"),
        Part::Table(Table::list(&columns, (1..=50).map(|number| row(number, "欧阳犇")))),
    ];
    paper("表彰名单", Language::Zh, Sheet::Document, parts)
}

/// 通知.
pub(super) fn notice() -> Paper {
    let parts = vec![
        text(Style::Title, "兴国县人民政府办公室关于开展2022年度\n“五型”政府建设评选表彰工作的通知"),
        text(Style::Subtitle, "兴府办字〔2022〕48号"),
        text(Style::Plain, "各乡镇人民政府，县政府各部门："),
        text(
            Style::Body,
            "为深入推进忠诚型、创新型、担当型、服务型、过硬型政府建设，经县政府研究，现就评选表彰有关事项通知如下。",
        ),
        text(Style::Heading, "一、评选范围"),
        text(
            Style::Body,
            "（一）示范乡镇。全县各乡镇。\n（二）先进集体。县直各单位及其内设机构。\n（三）先进个人。在编在岗工作人员。",
        ),
        text(Style::Heading, "二、有关要求"),
        text(Style::Body, &("1．".to_owned() + &"严格标准，好中选优，接受监督。".repeat(30))),
        text(Style::Plain, "附件：1.示范乡镇申报表\n　　　2.先进集体申报表"),
        text(Style::Closing, "兴国县人民政府办公室\n2022年7月1日"),
        Part::NewPage,
        text(Style::Plain, "附件1"),
        text(Style::Title, "示范乡镇申报表"),
    ];
    paper("通知", Language::Zh, Sheet::Document, parts)
}
