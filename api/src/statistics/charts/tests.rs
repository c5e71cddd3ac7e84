//! The pictures look as those in `docs/statistics/`, and nothing in them overlaps.

use std::fs;
use std::path::Path;

use pingxuan_domain::campaign::definition::Label;
use pingxuan_domain::workflow::campaign::CampaignState;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;
use crate::campaign::views::LabelView;
use crate::statistics::views::{
    ApplicationsView, CategoryCountView, DayCountView, ExtensionsView, ProgressView, StaysView, UnitsView,
};

use ApplicationState as S;

const ENGLISH: [&str; 4] =
    ["Demonstration townships", "Advanced collectives", "Advanced individuals", "Excellent supervisors"];
const CHINESE: [&str; 4] =
    ["“五型”政府建设示范乡镇", "“五型”政府建设先进集体", "“五型”政府建设先进个人", "优秀监督员"];

fn title(zh: &str, en: &str) -> LabelView {
    LabelView::of(&Label { zh: zh.to_owned(), en: en.to_owned() })
}

fn category(title: LabelView, counts: &[(S, u32)]) -> CategoryCountView {
    CategoryCountView {
        category_code: String::new(),
        title,
        total: counts.iter().map(|(_, count)| count).sum(),
        by_state: counts
            .iter()
            .map(|(state, count)| StateCountView { state: *state, count: *count })
            .collect(),
    }
}

fn view(
    categories: Vec<CategoryCountView>,
    days: Vec<(Day, u32)>,
    verification: Vec<ProgressView>,
) -> StatisticsView {
    let sum = |state: S| {
        let counts = categories.iter().flat_map(|category| &category.by_state);
        counts.filter(|found| found.state == state).map(|found| found.count).sum::<u32>()
    };
    let by_state: Vec<StateCountView> = S::iter()
        .map(|state| StateCountView { state, count: sum(state) })
        .filter(|found| found.count > 0)
        .collect();
    let stays = [
        (S::Draft, 118, 31, 412),
        (S::Submitted, 104, 27, 166),
        (S::Returned, 19, 74, 240),
        (S::Accepted, 85, 262, 530),
        (S::Verified, 61, 90, 301),
    ];
    StatisticsView {
        campaign_id: Uuid::nil(),
        title: "兴国县人民政府办公室关于开展2022年度“五型”政府建设示范乡镇、先进集体、先进个人和优秀监督员评选活动的通知".to_owned(),
        state: CampaignState::Verifying,
        sealed: false,
        applications: ApplicationsView {
            total: by_state.iter().map(|found| found.count).sum(),
            by_state,
            by_category: categories,
            by_unit_kind: vec![],
            by_day: days.into_iter().map(|(day, count)| DayCountView { day, count }).collect(),
        },
        units: UnitsView { in_scope: 0, declared: 0, undeclared: vec![] },
        verification,
        durations: stays
            .map(|(state, count, median_hours, longest_hours)| StaysView { state, count, median_hours, longest_hours })
            .into(),
        extensions: ExtensionsView { of_units: 2, of_all: 1 },
        open_objections: 0,
    }
}

fn progress(
    title: LabelView,
    (verified, accepted): (u32, u32),
    (counting, due): (u32, u32),
    trips: u32,
) -> ProgressView {
    ProgressView {
        category_code: String::new(),
        title,
        accepted,
        verified,
        assignments: vec![],
        sheets_due: due,
        sheets_submitted: counting,
        sheets_counting: counting,
        trips,
    }
}

/// A county in the middle of its visits.
fn county() -> StatisticsView {
    let names = || CHINESE.iter().zip(ENGLISH).map(|(zh, en)| title(zh, en));
    let counts: [&[(S, u32)]; 4] = [
        &[(S::Accepted, 9), (S::Rejected, 1), (S::Verified, 13), (S::Withdrawn, 2)],
        &[(S::Accepted, 17), (S::Rejected, 4), (S::Verified, 21), (S::Disqualified, 1), (S::Withdrawn, 5)],
        &[(S::Accepted, 14), (S::Rejected, 6), (S::Verified, 15), (S::Withdrawn, 3)],
        &[(S::Verified, 12)],
    ];
    let categories = names().zip(counts).map(|(title, counts)| category(title, counts)).collect();
    let verification = names()
        .zip([((13, 22), (31, 44), 17), ((21, 38), (49, 76), 28), ((15, 29), (36, 58), 21)])
        .map(|(title, (applications, sheets, trips))| progress(title, applications, sheets, trips))
        .collect();
    let start = Day::of(2022, 11, 7).unwrap();
    let days = (0..55)
        .map(|index: u32| (start.plus_days(i64::from(index)), (index * 7 + index * index) % 5 + index / 12));
    view(categories, days.filter(|(day, count)| *count > 0 && !day.is_weekend()).collect(), verification)
}

/// Thirty categories with long names, every state, and a year and a half of submissions.
fn crowd() -> StatisticsView {
    let name = |number: usize| {
        let zh = format!(
            "第{number}类：全县政务服务“一网通办”改革攻坚与营商环境优化提升先进集体和先进个人表彰对象"
        );
        title(
            &zh,
            &format!(
                "Category {number}: collectives and individuals who advanced the reform of administrative services"
            ),
        )
    };
    let counts: Vec<(S, u32)> = S::iter().zip(1..).map(|(state, count)| (state, count * 111)).collect();
    let categories = (1..=30).map(|number| category(name(number), &counts)).collect();
    let verification =
        (1..=30).map(|number| progress(name(number), (8888, 9999), (17777, 19998), 12345)).collect();
    let start = Day::of(2021, 11, 7).unwrap();
    view(categories, (0..550).map(|index| (start.plus_days(index), 12345)).collect(), verification)
}

/// Where each text of a picture stands, by the widths that the layout reckons with.
fn texts(svg: &str) -> Vec<(String, [i32; 4])> {
    let parts = svg.split("<text ").skip(1);
    parts
        .map(|part| {
            let (head, rest) = part.split_once('>').unwrap();
            let attribute =
                |name: &str| head.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
            let number = |name: &str| attribute(name).parse::<f64>().unwrap().round() as i32;
            let text = rest.split('<').next().unwrap().trim();
            let text = text.replace("&quot;", "\"").replace("&amp;", "&");
            let (x, y, size) = (number("x"), number("y"), number("font-size"));
            let wide = width(&text, size);
            let left = match attribute("text-anchor") {
                "start" => x,
                "middle" => x - wide / 2,
                _ => x - wide,
            };
            (text, [left, y - size / 2, left + wide, y + size / 2])
        })
        .collect()
}

#[test]
fn nothing_overlaps_and_nothing_is_cut_off() {
    for (of, view) in [("county", county()), ("crowd", crowd())] {
        for (chart, language) in
            Chart::iter().flat_map(|chart| Language::ALL.map(|language| (chart, language)))
        {
            let svg = draw(language, chart, &view).unwrap();
            let height: i32 =
                svg.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
            let texts = texts(&svg);
            assert!(texts.len() > 10, "{svg}");
            for (index, (text, [left, top, right, bottom])) in texts.iter().enumerate() {
                let inside = *left >= 0 && *top >= 0 && *right <= WIDTH && *bottom <= height;
                assert!(
                    inside,
                    "{of} {chart:?} {language:?}: {text} at {left} {top} {right} {bottom} of {height}"
                );
                for (other, [l, t, r, b]) in &texts[index + 1..] {
                    let apart = r <= left || right <= l || b <= top || bottom <= t;
                    assert!(apart, "{of} {chart:?} {language:?}: {text} and {other}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_drawn_where_there_is_nothing() {
    let mut empty = view(vec![], vec![], vec![]);
    empty.durations.clear();
    for chart in Chart::iter() {
        assert!(draw(Language::Chinese, chart, &empty).unwrap().contains("尚无数据"), "{chart:?}");
    }
}

#[test]
fn the_pictures_in_the_repository_are_those_of_this_build() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/statistics");
    let bless = std::env::var("PINGXUAN_BLESS").is_ok_and(|bless| bless == "1");
    for chart in Chart::iter() {
        for language in Language::ALL {
            let name = <&str>::from(chart);
            let file = folder.join(format!("{name}.{}.svg", language.tag()));
            let drawn = draw(language, chart, &county()).unwrap();
            if bless {
                fs::write(&file, &drawn).unwrap();
            }
            let kept = fs::read_to_string(&file).unwrap_or_default();
            assert!(
                kept == drawn,
                "{}: PINGXUAN_BLESS=1 cargo test -p pingxuan-api pictures",
                file.display()
            );
        }
    }
}
