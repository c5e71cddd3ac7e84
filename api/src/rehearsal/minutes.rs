//! The minutes (纪要): what was done in each phase, and what was refused, with its code.

use std::cell::RefCell;

use pingxuan_domain::{Day, Operation};

/// The minutes of a selection while it is played.
#[derive(Debug, Default)]
pub struct Minutes(RefCell<Vec<Chapter>>);

/// What the minutes say of a phase.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The phase.
    pub name: &'static str,
    /// What happened, in its order.
    pub entries: Vec<Entry>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The day, in the campaign's zone.
    pub on: Day,
    /// What it was.
    pub said: Said,
}

/// What the minutes say of it.
#[derive(Clone, Debug)]
pub enum Said {
    /// Something was done.
    Done(String),
    /// Something was asked and refused.
    Refused(Refusal),
}

/// A request that was to be refused, and was.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Who asked.
    pub who: String,
    /// What was asked.
    pub operation: Option<Operation>,
    /// The HTTP status.
    pub status: u16,
    /// The stable code that was expected, and came.
    pub code: String,
    /// The sentence that came with it.
    pub sentence: String,
    /// How many were refused alike in this phase.
    pub times: usize,
}

impl Refusal {
    fn like(&self, other: &Self) -> bool {
        self.operation == other.operation && self.status == other.status && self.code == other.code
    }
}

impl Minutes {
    /// A phase begins.
    pub fn begin(&self, name: &'static str) {
        self.0.borrow_mut().push(Chapter { name, entries: Vec::new() });
    }

    /// Something was done.
    pub fn done(&self, on: Day, what: String) {
        self.write(on, Said::Done(what));
    }

    /// Something was refused; a phase says once what it refused several times alike.
    pub fn refused(&self, on: Day, refusal: Refusal) {
        let mut chapters = self.0.borrow_mut();
        let entries = chapters.last_mut().into_iter().flat_map(|chapter| &mut chapter.entries);
        let alike = entries.filter_map(|entry| match &mut entry.said {
            Said::Refused(before) if before.like(&refusal) => Some(before),
            Said::Refused(_) | Said::Done(_) => None,
        });
        let before = alike.last().map(|before| before.times += refusal.times);
        drop(chapters);
        if before.is_none() {
            self.write(on, Said::Refused(refusal));
        }
    }

    fn write(&self, on: Day, said: Said) {
        if let Some(chapter) = self.0.borrow_mut().last_mut() {
            chapter.entries.push(Entry { on, said });
        }
    }

    /// All that was written, by phase.
    #[must_use]
    pub fn chapters(&self) -> Vec<Chapter> {
        self.0.borrow().clone()
    }
}

impl Chapter {
    /// What was refused in the phase.
    pub fn refusals(&self) -> impl Iterator<Item = &Refusal> {
        self.entries.iter().filter_map(|entry| match &entry.said {
            Said::Refused(refusal) => Some(refusal),
            Said::Done(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: &str) -> Refusal {
        Refusal {
            who: "office-01".into(),
            operation: Some(Operation::AcceptApplication),
            status: 409,
            code: code.into(),
            sentence: String::new(),
            times: 1,
        }
    }

    #[test]
    fn a_phase_says_once_what_it_refused_alike() {
        let (minutes, day) = (Minutes::default(), Day::of(2022, 12, 12).unwrap());
        minutes.begin("one");
        for code in ["paper_stale", "paper_stale", "recused"] {
            minutes.refused(day, refusal(code));
            minutes.done(day, "something".into());
        }
        minutes.begin("two");
        minutes.refused(day, refusal("paper_stale"));
        let counted = |chapter: &Chapter| -> Vec<(String, usize)> {
            chapter.refusals().map(|refusal| (refusal.code.clone(), refusal.times)).collect()
        };
        let chapters = minutes.chapters();
        assert_eq!(counted(&chapters[0]), [("paper_stale".to_owned(), 2), ("recused".to_owned(), 1)]);
        assert_eq!(counted(&chapters[1]), [("paper_stale".to_owned(), 1)]);
        assert_eq!(chapters[0].entries.len(), 5);
    }
}
