//! The state diagram, made by running the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::fact::{Access, CardTrust};
use super::table::{ClockIs, Facts, decide};
use crate::audit::Event;

/// The state diagram as Mermaid text: one region for each fact, with the events that change it.
///
/// Made by running the table over every state that can be reached, so that it cannot say anything
/// else than what the code does.
#[must_use]
pub fn diagram() -> String {
    let steps = reachable_steps();
    let mut text = String::from("stateDiagram-v2\n    state Encounter {\n");
    let regions: [(&str, Value); 5] = [
        ("card", |facts| format!("{:?}", facts.card)),
        ("identity", |facts| format!("{:?}", facts.identity)),
        ("basis", |facts| format!("{:?}", facts.basis)),
        ("permit", |facts| format!("{:?}", facts.access)),
        ("encounter", |facts| format!("{:?}", facts.stage)),
    ];
    for (index, (region, value)) in regions.into_iter().enumerate() {
        if index > 0 {
            text.push_str("        --\n");
        }
        let mut edges: BTreeMap<(String, String), BTreeSet<Event>> = BTreeMap::new();
        for &(before, event, after) in &steps {
            if value(before) != value(after) {
                edges.entry((value(before), value(after))).or_default().insert(event);
            }
        }
        // INVARIANT: writing to a string does not fail.
        let _ = writeln!(text, "        [*] --> {region}_{}", value(Facts::START));
        for ((from, to), events) in edges {
            let names: Vec<_> = events.iter().map(|event| format!("{event:?}")).collect();
            let names = names.join(", ");
            let _ = writeln!(text, "        {region}_{from} --> {region}_{to}: {names}");
        }
    }
    text.push_str("    }\n");
    text
}

/// What a region shows of the facts.
type Value = fn(Facts) -> String;

/// Every step that the table accepts from a state that can be reached.
fn reachable_steps() -> Vec<(Facts, Event, Facts)> {
    let mut seen = BTreeSet::from([Facts::START]);
    let mut open = vec![Facts::START];
    let mut steps = Vec::new();
    while let Some(facts) = open.pop() {
        for &event in Event::ALL.iter().filter(|event| can_occur(**event, facts)) {
            for &clock in ClockIs::ALL {
                if let Ok((_, after)) = decide(event, facts, clock) {
                    steps.push((facts, event, after));
                    if seen.insert(after) {
                        open.push(after);
                    }
                }
            }
        }
    }
    steps
}

/// Whether the machine can come to ask this question in this state.
fn can_occur(event: Event, facts: Facts) -> bool {
    match event {
        Event::SecondCardAcceptable | Event::SecondCardDoubtful | Event::SecondCardForged => {
            facts.card != CardTrust::Unread
        }
        Event::PermitExpired => facts.access == Access::Released,
        _ => true,
    }
}
