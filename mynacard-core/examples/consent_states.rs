//! Prints `docs/consent-states.md`: what the consent machine does, with the diagram of the table that
//! it runs and the codes of the log.

use mynacard_core::Event;
use mynacard_core::consent::{Basis, VISIT_TYPE_EMERGENCY};

fn main() {
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
    for code in Event::ALL.iter().filter(|event| event.is_way_out()) {
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
    for basis in Basis::ALL {
        let code = basis.service_code().map_or("none".to_owned(), |code| code.to_string());
        println!("| {} | {code} |", name(*basis));
    }
}

/// What a crew leader would ask.
const RULES: &str = "
A permit (閲覧許可) needs three facts of the same card: the *card* was read and is not forged, the
*identity* was checked by eye and matches, and there is a *basis*. They may come in any order.

- **A refusal stands.** After a refusal (不同意) or a withdrawal (同意撤回) only the patient's own consent
  opens again. Neither a representative nor a later loss of consciousness does.
- **A patient who wakes must be asked.** Life protection and a representative's consent end then.
- **Another card is another patient.** Identity and basis start anew; what was seen is let go.
- **Where the chips cannot tell**, because one reading has only the face and the other only the
  certificate, the crew says whether it is the same card. The log keeps that word. It never counts against
  what the chips do tell, and does not clear a card of having been forged.
- **A wrong tap** on the face is put right by the right one, with both in the log. A consent or a refusal
  that nobody spoke cannot be turned into life protection: end the encounter by the crew's decision
  (隊長判断) and open another. The log keeps both.
- **A face that cannot be told**, or a card without a photograph (a small child's), leads to no permit. It
  is a way out of its own, not a failure of the crew.
- **A clock that goes back** stops permits until it is right again, or until its correction is recorded,
  which ends every permit. Facts, refusals and ends are taken at any time.
- **After the end** only a refusal, a withdrawal or a waking patient is still recorded. Nothing opens.
";

const fn name(basis: Basis) -> &'static str {
    match basis {
        Basis::NotAsked => "nobody was asked",
        Basis::PatientConsents => "the patient's oral consent",
        Basis::RepresentativeConsents => "a representative's",
        Basis::LifeProtection => "life protection, consent not obtainable",
        Basis::Refused => "refused",
        Basis::Withdrawn => "withdrawn",
    }
}
