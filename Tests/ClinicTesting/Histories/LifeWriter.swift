import Clinic

/// Writes the entries of one patient's way through the clinic as their senders would drop them, with the turns that
/// ways take: put off, changed, called off, given up, complicated.
package struct LifeWriter {
    package var chance: Chance
    /// Who it is among the patients of a history.
    package let patient: Int
    private let surgeryDay: CalendarDate
    private let firstVisit: CalendarDate
    private let procedure: String
    private let side: String?
    private let surgeon: String
    /// Whether the way takes turns; without any, nothing that is told contradicts anything else.
    private let takesTurns: Bool
    private var told: [Told] = []
    private var count = 0

    package init(chance: Chance, patient: Int, takesTurns: Bool = true) {
        self.takesTurns = takesTurns
        var chance = chance
        self.patient = patient
        let days = ["2026-10-14", "2026-10-27", "2026-11-05", "2026-11-12", "2026-11-18", "2026-11-23"]
        surgeryDay = .on(chance.one(of: days))
        var visit = surgeryDay.adding(days: -chance.number(20...60))
        if visit.weekday == 7 { visit = visit.adding(days: -1) }
        firstVisit = visit
        procedure = chance.one(of: ["BREAST-AUG", "RHINOPLASTY", "BLEPH-UPPER", "BREAST-AUG"])
        let isPaired = procedure != "RHINOPLASTY"
        side = isPaired ? chance.one(of: ["LEFT", "RIGHT", "BILATERAL", "BILATERAL"]) : nil
        surgeon = procedure == "BLEPH-UPPER" && chance.happens(50) ? "S2" : "S1"
        self.chance = chance
    }

    private var surgeonName: String { surgeon == "S1" ? "Dr. Ada Stone" : "Dr. Ben Frost" }
    private var registration: String { "SLIP-\(patient)" }
    private var consultation: Value { .text("C-\(patient)") }
    private var plan: Value { .text("P-\(patient)") }
    private var consent: Value { .text("K-\(patient)") }
    private var surgicalCase: Value { .text("CASE-\(patient)") }
    private var familyName: String { ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple"][patient % 8] }
    private var givenName: String { ["Ann", "Bo", "Cleo", "Dee", "Eve", "Flo", "Gus"][patient % 7] + "\(patient)" }

    private func at(_ day: CalendarDate, _ minute: Int) -> Instant {
        Instant(secondsSinceEpoch: Int64(day.daysSinceEpoch) * 86_400 + Int64(minute) * 60)
    }

    private mutating func tell(
        _ sender: SourceName, _ form: FormName, _ action: String, _ day: CalendarDate, _ minute: Int,
        _ values: [Field: Value]
    ) {
        count += 1
        told.append(
            Told(sender, form, action, at: at(day, minute), reference: "\(patient)-\(count)", values))
    }

    private mutating func turns(_ percent: Int) -> Bool { chance.happens(percent) && takesTurns }

    /// The whole life, in the order in which it happened.
    package mutating func write() -> [Told] {
        register()
        consult()
        planSurgery()
        agree()
        prepare()
        book()
        operate()
        settleUp()
        return told
    }

    private mutating func register() {
        let day = firstVisit.adding(days: -chance.number(1...9))
        let slip = registration
        func registering(_ action: String, _ minute: Int, _ values: [Field: Value], at day: CalendarDate) -> Told {
            Told("kiosk", .registration, action, at: at(day, minute), reference: slip, values)
        }
        var values: [Field: Value] = [
            .givenName: .text(givenName), .familyName: .text(familyName),
            .birthDate: .date(.on(chance.one(of: ["1990-05-17", "1971-02-28", "2004-08-08", "1985-12-01"]))),
            .sex: .text(chance.one(of: ["F", "M", "O"])), .email: .text("patient\(patient)@example.test"),
            .phone: .text("+44 20 7946 0\(100 + patient)"), .enteredBy: "SELF",
            .allergies: .list([chance.one(of: ["NONE", "LATEX", "SILICONE"])]),
        ]
        if turns(20) {
            values[.insurer] = "ACME"
            values[.policyNumber] = .text("POL-\(patient)")
            if turns(30) { values[.coverageTo] = .date(.on("2026-10-31")) }
        }
        told.append(registering("REGISTER", 9 * 60, values, at: day))
        if turns(15) {
            tell("desk", .patient, "UPDATE", day, 10 * 60, [.registration: .text(slip), .city: "London"])
        }
    }

    private mutating func consult() {
        let start = chance.number(16...34) * 30
        let day = firstVisit
        tell(
            "desk", .consultation, "SCHEDULE", day.adding(days: -1), 600,
            [
                .consultation: consultation, .registration: .text(registration), .surgeon: .text(surgeon),
                .startsAt: .instant(at(day, start)), .kind: "FIRST",
            ])
        if turns(10) {
            tell(
                "desk", .consultation, "RESCHEDULE", day.adding(days: -1), 700,
                [.consultation: consultation, .startsAt: .instant(at(day, start + 30))])
        }
        if turns(4) {
            tell(
                "desk", .consultation, chance.one(of: ["CANCEL", "NO_SHOW"]), day, start + 20,
                [.consultation: consultation, .reason: "did not come"])
        }
        tell(
            "doctor", .consultation, "COMPLETE", day, start + 60,
            [
                .consultation: consultation, .notes: "Options and risks.", .historyReviewed: .flag(!turns(10)),
                .occurredAt: .instant(at(day, start + 60)),
            ])
        if turns(10) {
            tell(
                "doctor", .consultation, "AMEND", day.adding(days: 1), 600,
                [.consultation: consultation, .notes: "Options, risks and costs."])
        }
    }

    private mutating func planSurgery() {
        let coded = side.map { "\(procedure):\($0)" } ?? procedure
        tell(
            "doctor", .plan, "DRAFT", firstVisit, 1_200,
            [
                .plan: plan, .consultation: consultation, .procedure: .list([coded]), .surgeon: .text(surgeon),
                .plannedFor: .date(surgeryDay), .purpose: .text(chance.happens(75) ? "COSMETIC" : "THERAPEUTIC"),
            ])
        approve(on: firstVisit.adding(days: 1))
        if turns(12) {
            let changes: [Field: Value] =
                chance.happens(50) ? [.details: "wishes a small scar"] : [.anesthesia: "SEDATION"]
            tell(
                "doctor", .plan, "REVISE", firstVisit.adding(days: 2), 600,
                changes.merging([.plan: plan]) { first, _ in first })
            approve(on: firstVisit.adding(days: 2))
        }
    }

    private mutating func approve(on day: CalendarDate) {
        tell("doctor", .plan, "APPROVE", day, 660, [.plan: plan, .surgeon: .text(surgeon)])
    }

    private mutating func agree() {
        let day = firstVisit.adding(days: 3)
        tell("desk", .consent, "CREATE", day, 600, [.consent: consent, .plan: plan, .consultation: consultation])
        if turns(15) {
            tell("portal", .consent, "ASK", day, 700, [.consent: consent, .text: "When may I swim?"])
            tell("doctor", .consent, "ANSWER", day, 800, [.consent: consent, .text: "After six weeks."])
        }
        tell("portal", .consent, "ACKNOWLEDGE", day, 900, [.consent: consent, .clauses: ["C1"]])
        let signing = firstVisit.adding(days: chance.number(14...17))
        sign("portal", "PATIENT", "\(givenName) \(familyName)", signing, 600)
        if turns(4) {
            tell("portal", .consent, "DECLINE", signing, 500, [.consent: consent, .reason: "changed my mind"])
        }
        if procedure == "RHINOPLASTY" { sign("desk", "WITNESS", "Wilma West", signing, 610) }
        sign("doctor", "SURGEON", surgeonName, signing, 660)
        if turns(20) {
            let photography: Value = .text("PH-\(patient)")
            tell(
                "desk", .consent, "CREATE", day, 605,
                [.consent: photography, .plan: plan, .consultation: consultation, .kind: "PHOTOGRAPHY"])
            tell("portal", .consent, "DECLINE", signing, 605, [.consent: photography, .reason: "no pictures"])
        }
        if turns(5) {
            tell(
                "portal", .consent, "WITHDRAW", surgeryDay.adding(days: -chance.number(0...2)), 480,
                [.consent: consent, .reason: "afraid"])
        }
    }

    private mutating func sign(
        _ sender: SourceName, _ party: String, _ signer: String, _ day: CalendarDate, _ minute: Int
    ) {
        tell(
            sender, .consent, "SIGN", day, minute,
            [
                .consent: consent, .party: .text(party), .signer: .text(signer), .signedAt: .instant(at(day, minute)),
                .method: "DRAWN",
            ])
    }

    private mutating func prepare() {
        let day = surgeryDay.adding(days: -2)
        guard procedure != "BLEPH-UPPER" else { return clear(on: day) }
        if turns(10) {
            tell("ward", .preOp, "ORDER", day.adding(days: -1), 500, [.plan: plan, .requirement: "HB"])
        }
        tell(
            "laboratory", .preOp, "RESULT", day, 480,
            [.plan: plan, .requirement: "HB", .value: "13.1", .unit: "g/dL", .abnormal: .flag(turns(5))])
        if procedure == "BREAST-AUG" {
            tell("portal", .preOp, "ACKNOWLEDGE", day, 490, [.plan: plan, .requirement: "FASTING"])
        }
        if turns(15) { tell("ward", .preOp, "RESERVE", day, 500, [.plan: plan]) }
        if turns(5) {
            tell(
                "ward", .preOp, "WAIVE", day, 505,
                [.plan: plan, .requirement: "HB", .actor: "A1", .reason: "known from elsewhere"])
        }
        if turns(5) {
            tell("ward", .preOp, "DEFER", day, 510, [.plan: plan, .actor: "A1", .reason: "a cold"])
        }
        clear(on: day)
    }

    private mutating func clear(on day: CalendarDate) {
        tell("ward", .preOp, "CLEAR", day, 540, [.plan: plan, .actor: "A1"])
    }

    private mutating func book() {
        let day = surgeryDay.adding(days: -1)
        if turns(60) {
            tell("theater", .surgicalCase, "CREATE", day, 600, [.surgicalCase: surgicalCase, .plan: plan])
        }
        func booking(_ start: Int, _ theater: String) -> [Field: Value] {
            [
                .surgicalCase: surgicalCase, .plan: plan, .theater: .text(theater),
                .startsAt: .instant(at(surgeryDay, start)), .anesthetist: "A1",
                .staff: .list(["SCRUB:\(chance.one(of: ["N1", "N2"]))"]),
            ]
        }
        let theater = procedure == "RHINOPLASTY" ? "T1" : chance.one(of: ["T1", "T2"])
        tell("theater", .surgicalCase, "SCHEDULE", day, 660, booking(starts, theater))
        if turns(8) {
            tell(
                "theater", .surgicalCase, "RESCHEDULE", day, 700,
                [.surgicalCase: surgicalCase, .startsAt: .instant(at(surgeryDay, starts + 15))])
        }
        if turns(6) {
            tell("theater", .surgicalCase, "POSTPONE", day, 720, [.surgicalCase: surgicalCase, .reason: "fever"])
            if turns(60) {
                tell("theater", .surgicalCase, "SCHEDULE", day, 760, booking(starts + 60, theater))
            }
        }
        if turns(4) {
            tell("theater", .surgicalCase, "CANCEL", day, 800, [.surgicalCase: surgicalCase, .reason: "called off"])
        }
    }

    /// Minutes of the day at which this patient's case begins: one of four slots that do not touch.
    private var starts: Int { 480 + (patient % 3) * 170 }

    private mutating func operate() {
        func event(_ minute: Int) -> [Field: Value] {
            [.surgicalCase: surgicalCase, .occurredAt: .instant(at(surgeryDay, minute))]
        }
        let start = starts + 5
        tell("theater", .surgicalCase, "SIGN_IN", surgeryDay, start - 5, event(start - 5))
        tell("theater", .surgicalCase, "START", surgeryDay, start, event(start))
        tell("theater", .surgicalCase, "TIME_OUT", surgeryDay, start + 5, event(start + 5))
        use(at: start + 20)
        if turns(5) {
            tell(
                "theater", .surgicalCase, "ABANDON", surgeryDay, start + 40,
                event(start + 40).merging([.reason: "arrhythmia"]) { first, _ in first })
            return
        }
        tell("theater", .surgicalCase, "SIGN_OUT", surgeryDay, start + 50, event(start + 50))
        tell("theater", .surgicalCase, "COMPLETE", surgeryDay, start + 60, event(start + 60))
        if turns(40) {
            tell(
                "theater", .surgicalCase, "NOTE", surgeryDay, start + 65,
                [.surgicalCase: surgicalCase, .notes: "Uneventful."])
            tell(
                "ward", .surgicalCase, "POSTOP", surgeryDay, start + 90,
                [
                    .surgicalCase: surgicalCase, .instructions: "Rest.",
                    .followUpAt: .instant(at(surgeryDay.adding(days: 9), 600 + patient * 5)),
                ])
        }
    }

    private mutating func use(at minute: Int) {
        func used(_ sku: String, _ quantity: Int, _ more: [Field: Value] = [:]) -> [Field: Value] {
            [.sku: .text(sku), .quantity: .integer(quantity), .surgicalCase: surgicalCase]
                .merging([.scannedAt: .instant(at(surgeryDay, minute))]) { first, _ in first }
                .merging(more) { $1 }
        }
        switch procedure {
        case "BREAST-AUG":
            let sides = side == "BILATERAL" ? ["LEFT", "RIGHT"] : [side ?? "LEFT"]
            for (index, side) in sides.enumerated() {
                tell(
                    "scanner", .inventory, "USE", surgeryDay, minute + index,
                    used(
                        "IMP-300", 1,
                        [
                            .lot: .text("L-\(patient % 3)"), .serial: .text("SN-\(patient)-\(index)"),
                            .side: .text(side),
                        ]))
            }
        case "RHINOPLASTY":
            tell("scanner", .inventory, "USE", surgeryDay, minute, used("SPLINT", 1, [.lot: "SP-1"]))
        default: break
        }
        tell("scanner", .inventory, "USE", surgeryDay, minute + 3, used("GAUZE", chance.number(1...9)))
        if turns(20) {
            tell("scanner", .inventory, "RETURN", surgeryDay, minute + 9, used("GAUZE", chance.number(1...4)))
        }
        if turns(10) {
            tell(
                "scanner", .inventory, "WASTE", surgeryDay, minute + 10,
                used("GLOVES", 1, [.lot: "GL-1", .reason: "torn"]))
        }
        if turns(8) {
            tell(
                "scanner", .inventory, "VOID", surgeryDay, minute + 11,
                [
                    .original: .text("\(patient)-\(count)"), .reason: "scanned twice",
                    .scannedAt: .instant(at(surgeryDay, minute + 11)),
                ])
        }
    }

    private mutating func settleUp() {
        func money(_ amount: Int64, _ more: [Field: Value]) -> [Field: Value] {
            [.amount: .minor(amount), .currency: "GBP", .method: .text("CARD")].merging(more) { $1 }
        }
        if turns(40) {
            tell(
                "finance", .payment, "PAY", surgeryDay.adding(days: -3), 600,
                money(50_000, [.plan: plan, .paidAt: .instant(at(surgeryDay.adding(days: -3), 600))]))
        }
        let paid = count + 1
        let amount = Int64(chance.one(of: [100_000, 250_000, 700_000]))
        tell(
            "finance", .payment, "PAY", surgeryDay, 1_000,
            money(amount, [.registration: .text(registration), .paidAt: .instant(at(surgeryDay, 1_000))]))
        if turns(20) {
            tell(
                "finance", .payment, "REFUND", surgeryDay, 1_040,
                money(
                    Int64(chance.number(1...2_000)) * 10,
                    [
                        .original: .text("\(patient)-\(paid)"), .requestedBy: "F1", .approvedBy: "F2",
                        .reason: "overpaid", .paidAt: .instant(at(surgeryDay, 1_040)),
                    ]))
        }
        if turns(10) {
            tell(
                "finance", .payment, "REVERSE", surgeryDay, 1_050,
                money(
                    amount,
                    [
                        .original: .text("\(patient)-\(paid)"), .reason: "chargeback",
                        .paidAt: .instant(at(surgeryDay, 1_050)),
                    ]))
        }
        if turns(15) {
            tell("desk", .records, "REQUEST", surgeryDay, 1_060, [.registration: .text(registration), .scope: "all"])
        }
    }
}
