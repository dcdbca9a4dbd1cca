//! Writes every screen of the shopper's page, in every language, and every mail into a folder to look at; with `--refresh` the committed page too.
//!
//! `cargo run --example screens -- DIR`

#[path = "../tests/page/samples.rs"]
mod samples;

use efectivo::names::{Locale, Tone};
use efectivo::page::{self, Screen, View};
use efectivo::voucher::settings::MailKind;
use efectivo::voucher::{Case, RefundState};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let wish = std::env::args().nth(1).unwrap_or_else(|| "target/screens".into());
    if wish == "--refresh" { refresh() } else { everything(Path::new(&wish)) }
}

/// The waiting page with QR, barcode and all places, and the digests that its policy names.
fn refresh() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(root.join(samples::COMMITTED), samples::committed())?;
    let said = "//! The SHA-256 of the page's style sheet and script, base64, for its Content-Security-Policy; `cargo run --example screens -- --refresh` writes them.\n";
    let constants = format!(
        "{said}\npub(super) const STYLE: &str = \"{}\";\npub(super) const SCRIPT: &str = \"{}\";\n",
        samples::digest(page::STYLE),
        samples::digest(page::SCRIPT)
    );
    std::fs::write(root.join("src/page/hashes.rs"), constants)
}

fn everything(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (locale, tone, name) in
        [(Locale::EsPe, Tone::Tu, "es"), (Locale::EsPe, Tone::Usted, "usted"), (Locale::En, Tone::Tu, "en"), (Locale::ZhCn, Tone::Tu, "zh")]
    {
        for screen in Screen::ALL {
            let (case, now) = samples::on(screen);
            write(folder, &format!("{name}-{}", screen.name()), (case, locale, tone), now)?;
        }
        write(folder, &format!("{name}-link"), (samples::with_link(), locale, tone), samples::now())?;
        for (what, state) in [("refunding", RefundState::NeedsBankDetails), ("refunded", RefundState::Done)] {
            let (case, now) = samples::refunded(state);
            write(folder, &format!("{name}-{what}"), (case, locale, tone), now)?;
        }
        mails(folder, name, (locale, tone))?;
    }
    write(folder, "es-wallet", (samples::with_wallet(), Locale::EsPe, Tone::Tu), samples::now())?;
    let mut long = samples::waiting("11239976941234");
    long.mode = efectivo::names::Mode::Test;
    long.attempts[0].amount = samples::pen(123_450);
    write(folder, "es-long", (long, Locale::EsPe, Tone::Tu), samples::now())?;
    println!("{}", folder.display());
    Ok(())
}

fn write(folder: &Path, name: &str, (mut case, locale, tone): (Case, Locale, Tone), now: efectivo::clock::Instant) -> std::io::Result<()> {
    (case.terms.locale, case.terms.tone) = (locale, tone);
    let settings = samples::settings();
    let view =
        View {
            email_masked: "m•••@gmail.com", shared: &["first_name", "email", "document"], refunds_to_bank: |_| true, ..View::new(&case, &settings, now)
        };
    std::fs::write(folder.join(format!("{name}.html")), page::render(&view))
}

fn mails(folder: &Path, name: &str, (locale, tone): (Locale, Tone)) -> std::io::Result<()> {
    for kind in MailKind::ALL {
        let screen = match kind {
            MailKind::Lapsed => Screen::Lapsed,
            MailKind::Paid => Screen::Paid,
            MailKind::Late => Screen::Late,
            _ => Screen::Waiting,
        };
        let (mut case, now) = samples::on(screen);
        (case.terms.locale, case.terms.tone) = (locale, tone);
        let mail = page::mail(kind, &case, &samples::settings(), "María", now);
        std::fs::write(folder.join(format!("mail-{name}-{}.html", kind.name())), &mail.html)?;
        std::fs::write(folder.join(format!("mail-{name}-{}.txt", kind.name())), format!("{}\n\n{}", mail.subject, mail.text))?;
    }
    let (case, _) = samples::on(Screen::Waiting);
    std::fs::write(folder.join("calendar.ics"), page::calendar(&case, &samples::settings()))?;
    Ok(())
}
