//! 追踪: where a request stands in a trace that somebody else began (W3C Trace Context).

use std::fmt;

/// A trace that a request belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The trace.
    pub id: u128,
    /// The span of whoever asks.
    pub parent: u64,
    /// Flags: 1 = it is recorded.
    pub flags: u8,
}

impl Trace {
    /// Reads `traceparent`; what is malformed is passed over, as the standard wants.
    #[must_use]
    pub fn read(header: &str) -> Option<Self> {
        let mut parts = header.trim().splitn(4, '-');
        let (version, id, parent) = (parts.next()?, parts.next()?, parts.next()?);
        let rest = parts.next()?;
        // A later version may say more after the flags; version 00 says nothing more, and ff is no version.
        let flags = if version == "00" { rest } else { rest.split('-').next()? };
        let lengths = [version, id, parent, flags].map(str::len);
        let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if lengths != [2, 32, 16, 2] || version == "ff" || ![version, id, parent, flags].into_iter().all(hex)
        {
            return None;
        }
        let trace = Self {
            id: u128::from_str_radix(id, 16).ok()?,
            parent: u64::from_str_radix(parent, 16).ok()?,
            flags: u8::from_str_radix(flags, 16).ok()?,
        };
        (trace.id != 0 && trace.parent != 0).then_some(trace)
    }

    /// The same trace, with another span as the one that carries the request out.
    #[must_use]
    pub fn continued_by(self, span: u64) -> Self {
        Self { parent: span.max(1), flags: self.flags & 1, ..self }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.id, self.parent, self.flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_traceparent_is_passed_over() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(Trace::read(good).map(|trace| trace.to_string()), Some(good.to_owned()));
        let later = "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more";
        assert_eq!(Trace::read(later).map(|trace| trace.to_string()), Some(good.to_owned()));
        for bad in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        ] {
            assert_eq!(Trace::read(bad), None, "{bad}");
        }
    }
}
