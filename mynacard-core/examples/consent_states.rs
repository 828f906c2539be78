//! Prints `docs/consent-states.md`: what the consent machine does, with the diagram of the table that
//! it runs and the codes of the log.

use mynacard_core::Timestamp;
use mynacard_core::audit::{EventCode, ShortId};
use mynacard_core::consent::{Basis, Giver, Mark, Unobtainable, VISIT_TYPE_EMERGENCY, WayOut};

fn main() -> Result<(), mynacard_core::Error> {
    println!("# Consent: states and events");
    println!();
    println!(
        "Made by `cargo run -p mynacard-core --example consent_states` from the table that the"
    );
    println!("code runs; a test compares it.");
    println!();
    println!("{}", RULES.trim());
    println!();
    println!("```mermaid");
    println!("{}", mynacard_core::consent::diagram().trim_end());
    println!("```");
    println!();
    println!("## Ways out");
    println!();
    println!("Each ends the encounter, and is possible at every moment before its end.");
    println!();
    println!("| code | in the log | on the screen |");
    println!("| --- | --- | --- |");
    let ends = WayOut::ALL.iter().map(|way| way.code());
    let mut codes: Vec<_> = ends.collect();
    codes.extend([EventCode::HandedOver, EventCode::HandedOverUnseen]);
    codes.sort();
    for code in codes {
        println!("| {} | `{}` | {} |", code.code(), code.name(), code.label_ja());
    }
    println!();
    println!("## The service's own codes");
    println!();
    println!(
        "The kind of visit (診療区分) is {VISIT_TYPE_EMERGENCY}, emergency (救急時), in every case."
    );
    println!("The values are those of code lists seen in public third-party code.");
    println!();
    println!("| basis | consent (同意区分) |");
    println!("| --- | --- |");
    for (name, basis) in bases()? {
        let code = basis.service_code().map_or("none".to_owned(), |code| code.to_string());
        println!("| {name} | {code} |");
    }
    Ok(())
}

/// What a crew leader would ask.
const RULES: &str = "
A permit (閲覧許可) needs three facts of the same card: the *card* was read and is not forged, the
*identity* was checked by eye and matches, and there is a *basis*. They may come in any order.

- **A refusal stands.** After a refusal (不同意) or a withdrawal (同意撤回) only the patient's own consent
  opens again. Neither a representative nor a later loss of consciousness does.
- **A patient who wakes must be asked.** Life protection and a representative's consent end then.
- **Another card is another patient.** Identity and basis start anew; what was seen is let go.
- **A wrong tap** on the face is put right by the right one, with both in the log. A consent or a refusal
  that nobody spoke cannot be turned into life protection: end the encounter by the crew's decision
  (隊長判断) and open another. The log keeps both.
- **A face that cannot be told**, or a card without a photograph (a small child's), leads to no permit. It
  is a way out of its own, not a failure of the crew.
- **A clock that goes back** stops permits until it is right again. Facts, refusals and ends are taken at
  any time.
- **After the end** only a refusal, a withdrawal or a waking patient is still recorded. Nothing opens.
";

/// Every basis there is.
fn bases() -> Result<[(&'static str, Basis); 6], mynacard_core::Error> {
    let mark = Mark { by: ShortId::new("crew")?, at: Timestamp::from_unix_millis(0)? };
    let reason = Unobtainable::Unconscious;
    Ok([
        ("nobody was asked", Basis::NotAsked),
        ("the patient's oral consent", Basis::OralConsent { giver: Giver::Patient, mark }),
        ("a representative's", Basis::OralConsent { giver: Giver::Representative, mark }),
        ("life protection, consent not obtainable", Basis::LifeProtection { reason, mark }),
        ("refused", Basis::Refused(mark)),
        ("withdrawn", Basis::Withdrawn(mark)),
    ])
}
