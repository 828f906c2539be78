//! The script: what readers there are, what lies on them, and what the service answers.
//!
//! One thing a line, the name of a reader always last. A scene follows when a program waits and nothing
//! is to be told any more, so that no test depends on time.
//!
//! ```text
//! reader mute ACS SAM 0             a card that never speaks
//! reader other Windows Hello 1      a card that knows no application
//! reader empty ACS 0
//! next
//! reader adult/lost-after@3 ACS 0   a virtual card, and the faults of its exchanges
//! reader quiet/adult ACS 0          the same, mute until it is connected to
//! connect 80100066 2 ACS 0          the next two connections fail so
//! establish 8010006A 1              so does the next context
//! gone ACS 0
//! service down                      the scene ends when three contexts were refused
//! service up
//! ```

use mynacard_sim::Profile;
use mynacard_sim::fault::{FaultyCard, Script};

/// What lies on a reader.
pub(crate) enum Lying {
    Nothing,
    /// A card that never speaks.
    Mute,
    /// A card that refuses everything.
    Other,
    Virtual {
        card: Box<FaultyCard>,
        /// Whether it is reported as mute until somebody connects.
        is_quiet: bool,
    },
}

impl Lying {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "empty" => Self::Nothing,
            "mute" => Self::Mute,
            "other" => Self::Other,
            text => {
                let (is_quiet, text) =
                    text.strip_prefix("quiet/").map_or((false, text), |text| (true, text));
                let (profile, faults) = text.split_once('/').unwrap_or((text, ""));
                let faults: Script = faults.parse().ok()?;
                let card = Box::new(FaultyCard::new(Profile::find(profile)?.card(), faults));
                Self::Virtual { card, is_quiet }
            }
        })
    }
}

/// One line of a script.
pub(crate) enum Line {
    Reader(String, Lying),
    Gone(String),
    Service { is_up: bool },
    Connect { code: i64, times: u32, reader: String },
    Establish { code: i64, times: u32 },
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ')?;
        let refusal = |text: &str| {
            let (code, times) = text.split_once(' ')?;
            Some((i64::from_str_radix(code, 16).ok()?, times.parse().ok()?))
        };
        Some(match word {
            "reader" => {
                let (card, name) = rest.split_once(' ')?;
                Self::Reader(name.to_owned(), Lying::parse(card)?)
            }
            "gone" => Self::Gone(rest.to_owned()),
            "service" => Self::Service { is_up: rest == "up" },
            "connect" => {
                let (at, _) = rest.match_indices(' ').nth(1)?;
                let (code, times) = refusal(rest.get(..at)?)?;
                Self::Connect { code, times, reader: rest.get(at + 1..)?.to_owned() }
            }
            "establish" => {
                let (code, times) = refusal(rest)?;
                Self::Establish { code, times }
            }
            _ => return None,
        })
    }
}

/// The scenes of a script; none where a line is none.
pub(crate) fn scenes(text: &str) -> Option<Vec<Vec<Line>>> {
    let mut scenes = vec![Vec::new()];
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line {
            "next" => scenes.push(Vec::new()),
            line => scenes.last_mut()?.push(Line::parse(line)?),
        }
    }
    Some(scenes)
}
