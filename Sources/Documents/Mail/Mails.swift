import Clinic

/// The messages that go to patients; no more of medicine in them than they need.
extension WritingDesk {
    func mails() throws -> [DocumentModel] {
        switch event.kind {
        case "account.opened": try accountMail()
        case "account.verified": try verifiedMail()
        case "consultation.scheduled", "consultation.rescheduled": try consultationMail()
        case "consent.issued": try consentMail()
        case "case.scheduled", "case.rescheduled": try caseMail()
        case "payment.received", "payment.refunded": try receiptMail()
        default: []
        }
    }

    private func accountMail() throws -> [DocumentModel] {
        guard let account = event.written(PatientAccount.self), let token = event.secret else { return [] }
        let begin =
            event.note == "invitation"
            ? "An account was opened for you. Choose a password when you confirm this address."
            : "An account was opened for you."
        return try mail(
            "account", to: account.mrn, at: account.email, subject: "Please confirm your e-mail address",
            [
                begin,
                "Your confirmation code is:\n\n\(token)",
                "Enter it within \(catalog.policy.tokenValidHours) hours. Your medical record number is "
                    + "\(account.mrn).",
                "If you did not register with us, ignore this message.",
            ], isSecret: true)
    }

    private func verifiedMail() throws -> [DocumentModel] {
        guard let account = event.written(PatientAccount.self) else { return [] }
        return try mail(
            "verified", to: account.mrn, at: account.email, subject: "Your e-mail address is confirmed",
            ["Thank you. Your e-mail address is confirmed, and your account is open."])
    }

    private func consultationMail() throws -> [DocumentModel] {
        // Of an appointment that is over, and came late in a drop, there is nothing to tell.
        guard let consultation = event.written(Consultation.self), consultation.state == .scheduled,
            consultation.startsAt > now
        else { return [] }
        let isNew = event.kind == "consultation.scheduled"
        let kind = consultation.visit == "FOLLOW_UP" ? "follow-up appointment" : "consultation"
        return try mail(
            "consultation", to: consultation.mrn, subject: isNew ? "Your appointment" : "Your appointment has moved",
            [
                "Your \(kind) with \(catalog.name(of: consultation.surgeon)) is on \(when(consultation.startsAt)), "
                    + "for \(consultation.minutes) minutes.",
                place,
                "If you cannot come, please tell us as early as you can.",
            ])
    }

    private func consentMail() throws -> [DocumentModel] {
        guard let consent = event.written(Consent.self) else { return [] }
        return try mail(
            "consent", to: consent.mrn, subject: "A document is ready for you to read",
            [
                "A consent document has been prepared for you. Please read it in full, take your time, and ask us "
                    + "whatever you want to know before you sign it.",
                "You can read it in your account, or ask the front desk for a copy.",
            ])
    }

    private func caseMail() throws -> [DocumentModel] {
        guard let surgicalCase = event.written(SurgicalCase.self), surgicalCase.state == .scheduled,
            let start = surgicalCase.startsAt, start > now
        else { return [] }
        let isNew = event.kind == "case.scheduled"
        return try mail(
            "case", to: surgicalCase.mrn, subject: isNew ? "Your date with us" : "Your date with us has moved",
            [
                "Your date with \(catalog.name(of: surgicalCase.surgeon)) is on \(when(start)).",
                place,
                "When to arrive and how to prepare stands in the instructions that you were given. "
                    + "If you cannot come, please tell us as early as you can.",
            ])
    }

    private func receiptMail() throws -> [DocumentModel] {
        guard let receipt = try receipt(), let payment = event.written(Payment.self), payment.payer == .patient else {
            return []
        }
        let amount = "\(receipt.currency.decimal(receipt.amount)) \(receipt.currency.code)"
        let what = receipt.isRefund ? "We have paid back \(amount)." : "We have received \(amount). Thank you."
        let open = "\(receipt.currency.decimal(receipt.openBalance)) \(receipt.currency.code)"
        return try mail(
            "receipt", to: payment.mrn, subject: "Your receipt \(receipt.number)",
            [what, "The number of the receipt is \(receipt.number). Still open on all your bills: \(open)."])
    }

    private func when(_ instant: Instant) -> String { "\(zone.date(of: instant)) at \(zone.clock(instant))" }

    private var place: String {
        "Where: \(([catalog.clinic.name] + catalog.clinic.address).joined(separator: ", "))."
    }

    /// A message to a patient; none where no usable e-mail is known.
    private func mail(
        _ topic: String, to mrn: MRN, at known: String? = nil, subject: String, _ paragraphs: [String],
        isSecret: Bool = false
    ) throws -> [DocumentModel] {
        let patient = try patient(mrn)
        guard let address = known ?? patient?.email, MailAddress.isUsable(address) else { return [] }
        let name = "\(serial)-\(topic)"
        let domain = MailAddress.domain(of: catalog.clinic.email) ?? "clinic.invalid"
        let greeting = patient.map { "Dear \(Wrapping.printable($0.fullName))," } ?? "Dear patient,"
        let closing = "\(catalog.clinic.name)\n\(catalog.clinic.phone)\n\(catalog.clinic.email)"
        let model = MailModel(
            from: .init(name: catalog.clinic.name, address: catalog.clinic.email),
            to: .init(name: patient?.fullName ?? "", address: address), subject: subject,
            date: MailDate.text(of: now, in: zone), messageID: "<\(serial).\(topic)@\(domain)>",
            paragraphs: [greeting] + paragraphs + [closing], origin: origin(name))
        return [try model.document(.mail, in: "mail", named: "\(name).eml", isSecret: isSecret)]
    }
}

/// What may stand in an address of a header: nothing that could end it or begin another.
enum MailAddress {
    static func isUsable(_ address: String) -> Bool {
        let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return parts.count == 2 && address.utf8.count <= 254
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy(isPlain) }
    }

    static func domain(of address: String) -> String? {
        guard isUsable(address), let at = address.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        return String(decoding: address.utf8[at...].dropFirst(), as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: Array("!#$%&'*+-/=?^_`{|}~.".utf8).contains(byte)
        }
    }
}

/// Dates as RFC 5322 §3.3 writes them: `Mon, 23 Nov 2026 18:00:00 +0000`.
enum MailDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(of instant: Instant, in zone: ZoneRules) -> String {
        let date = zone.date(of: instant)
        let (year, month, day) = date.parts
        let second = Int((instant.secondsSinceEpoch % 60 + 60) % 60)
        let offset = zone.offsetSeconds(at: instant)
        let size = abs(offset)
        let zoneText =
            (offset < 0 ? "-" : "+") + Digits.padded(size / 3600, 2) + Digits.padded(size / 60 % 60, 2)
        return "\(days[date.weekday - 1]), \(day) \(months[month - 1]) \(Digits.padded(year, 4)) "
            + "\(zone.clock(instant)):\(Digits.padded(second, 2)) \(zoneText)"
    }
}
