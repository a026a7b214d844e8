/// Patients who may not understand the language in which a consent is written.
extension Pathway {
    /// Warns of a consent in another language than the patient's when it is created: an interpreter can still come.
    ///
    /// Where policy refuses the warning, it is the patient's signature that waits, not the consent.
    func warnOfLanguage(of consent: Consent?, _ patient: Patient, into ruling: inout Ruling) {
        guard let consent, let finding = lackOfInterpreter(for: consent, patient, named: .consent),
            !policy.refusedWarnings.contains(finding.rule.code)
        else { return }
        ruling.warn(finding.withoutWaiting)
    }

    /// At the patient's signature nothing is said again, unless nobody created the consent or policy refuses it.
    func checkInterpreter(of consent: Consent, _ patient: Patient, into ruling: inout Ruling) {
        guard let finding = lackOfInterpreter(for: consent, patient, named: .party) else { return }
        let wasTold = !consent.aliases.isEmpty || consent.consent != issuedID(consent.plan, consent.planVersion)
        let isRefused = policy.refusedWarnings.contains(finding.rule.code)
        if !wasTold || isRefused { caution(isRefused ? finding : finding.withoutWaiting, into: &ruling) }
    }

    private func lackOfInterpreter(for consent: Consent, _ patient: Patient, named field: Field) -> Finding? {
        guard speaksAnother(patient, than: consent), consent.signature(of: .interpreter) == nil else { return nil }
        return Finding(
            .ConsentRules.languageDiffers, [field], "the consent is in another language than the patient's",
            mend: "let an interpreter sign first, unless the patient reads the consent's language well",
            aside: "\(consent.consent): \(patient.mrn) speaks \(patient.language ?? "")",
            waitsFor: [.consent(consent.consent)])
    }

    /// Whether the language on record is another than that of a consent's text; one that is not known is not.
    func speaksAnother(_ patient: Patient, than consent: Consent) -> Bool {
        guard let own = patient.language.map(Language.init), !own.isEmpty else { return false }
        return consent.templates.compactMap { catalog.template($0.name, version: $0.version) }
            .contains { Language($0.language) != own }
    }
}

extension Finding {
    /// The finding as a warning of what is applied all the same: it waits for nothing.
    fileprivate var withoutWaiting: Finding { Finding(rule, fields, detail, mend: mend, aside: aside) }
}

/// A language as forms and messages name it: `en`, `en-GB`, `ENG` and `English` are one.
struct Language: Equatable {
    private let code: String

    init(_ text: String) {
        let first = Spelling.folded(text).split { !$0.isLetter }.first.map(String.init) ?? ""
        code = Language.codes[first] ?? first
    }

    var isEmpty: Bool { code.isEmpty }

    /// ISO 639-2 codes and English names, where they do not merely differ from ISO 639-1 by their ends.
    private static let codes = [
        "eng": "en", "english": "en", "fra": "fr", "fre": "fr", "french": "fr", "deu": "de", "ger": "de",
        "german": "de", "spa": "es", "spanish": "es", "ita": "it", "italian": "it", "por": "pt", "portuguese": "pt",
        "pol": "pl", "polish": "pl", "ara": "ar", "arabic": "ar", "ukr": "uk", "ukrainian": "uk", "rus": "ru",
        "russian": "ru", "tur": "tr", "turkish": "tr", "vie": "vi", "vietnamese": "vi", "zho": "zh", "chi": "zh",
        "chinese": "zh", "hin": "hi", "hindi": "hi", "ben": "bn", "bengali": "bn", "urd": "ur", "urdu": "ur",
        "pan": "pa", "punjabi": "pa", "ron": "ro", "rum": "ro", "romanian": "ro", "nld": "nl", "dut": "nl",
        "dutch": "nl", "nor": "no", "norwegian": "no", "nb": "no", "nn": "no", "cym": "cy", "wel": "cy", "welsh": "cy",
    ]
}
