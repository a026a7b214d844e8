import Clinic

/// Makes of a right entry a wrong one, as hurried people and broken systems do.
package enum SlipMaker {
    private static let strangers = [
        "C-0", "P-0", "K-0", "CASE-0", "C-99", "P-99", "K-99", "CASE-99", "S2", "A1", "L-2",
    ]
    private static let sides = ["LEFT", "RIGHT", "BILATERAL", "NONE"]
    private static let actions: [FormName: [String]] = [
        .registration: ["REGISTER", "INITIATE"],
        .patient: ["UPDATE", "DEACTIVATE", "REACTIVATE", "DECEASE", "MERGE", "UNMERGE", "DISTINCT"],
        .consultation: ["SCHEDULE", "RESCHEDULE", "COMPLETE", "AMEND", "CANCEL", "NO_SHOW"],
        .plan: ["DRAFT", "REVISE", "APPROVE", "CANCEL"],
        .consent: ["CREATE", "ACKNOWLEDGE", "ASK", "ANSWER", "SIGN", "DECLINE", "WITHDRAW"],
        .preOp: ["ORDER", "RESULT", "GIVE", "ACKNOWLEDGE", "WAIVE", "RESERVE", "RELEASE", "CLEAR", "DEFER"],
        .surgicalCase: [
            "CREATE", "SCHEDULE", "RESCHEDULE", "POSTPONE", "CANCEL", "SIGN_IN", "START", "TIME_OUT", "SIGN_OUT",
            "COMPLETE", "ABANDON", "NOTE", "POSTOP",
        ],
        .inventory: [
            "RECEIVE", "USE", "RETURN", "WASTE", "DISPOSE", "RETURN_TO_SUPPLIER", "COUNT", "TRANSFER", "QUARANTINE",
            "ACCEPT", "RECALL", "VOID",
        ],
        .payment: ["PAY", "REFUND", "REVERSE"], .records: ["REQUEST", "RELEASE"],
        .bill: ["DISCOUNT", "ADJUST", "CREDIT", "WAIVE", "CANCEL"],
    ]

    /// A slip in an entry; `number` makes its reference its own where it is told beside the right one.
    package static func slip(in told: Told, number: Int, chance: inout Chance) -> Told {
        var wrong = told
        let fields = told.values.keys.sorted { $0.rawValue < $1.rawValue }
        switch chance.number(1...8) {
        case 1:
            let field = chance.one(of: fields)
            wrong.values[field] = nil
            wrong.slip = "without \(field)"
        case 2:
            let shift = chance.one(of: [-40, -15, -3, -1, 1, 2, 20])
            wrong.time = told.time.adding(minutes: shift * 1_440)
            for field in fields { wrong.values[field] = shifted(told.values[field], days: shift) }
            wrong.slip = "\(shift) days off"
        case 3:
            wrong.action = chance.one(of: actions[told.form] ?? [told.action])
            wrong.slip = "\(told.action) as \(wrong.action)"
        case 4:
            let field = chance.one(of: fields)
            wrong.values[field] = changed(told.values[field], chance: &chance)
            wrong.slip = "\(field) changed"
        case 5:
            wrong.values[.side] = .text(chance.one(of: sides))
            wrong.slip = "side"
        case 6:
            wrong.values[.surgeon] = .text(chance.one(of: ["S1", "S2", "S9"]))
            wrong.slip = "surgeon"
        case 7:
            wrong.values[.familyName] = "Somebody"
            wrong.slip = "another patient"
        default:
            wrong.reference = chance.one(of: ["1-2", "2-3", "3-4", told.reference])
            wrong.slip = "reference of another"
            return wrong
        }
        if chance.happens(70) { wrong.reference += "-X\(number)" }
        return wrong
    }

    private static func shifted(_ value: Value?, days: Int) -> Value? {
        switch value {
        case .instant(let instant): .instant(instant.adding(minutes: days * 1_440))
        case .date(let date): .date(date.adding(days: days))
        default: value
        }
    }

    private static func changed(_ value: Value?, chance: inout Chance) -> Value? {
        switch value {
        case .integer(let number): .integer(chance.one(of: [0, number + 1, number * 10, 1_000_000]))
        case .money(let money): .minor(chance.one(of: [0, 1, money.minorUnits * 2, money.minorUnits + 1]))
        case .list(let items): .list(chance.one(of: [[], items + items, items + ["NO-SUCH"]]))
        case .text: .text(chance.one(of: strangers))
        case .flag(let flag): .flag(!flag)
        case .date(let date): .date(date.adding(days: chance.number(-400...400)))
        case .instant(let instant): .instant(instant.adding(minutes: chance.number(-2_000...2_000)))
        case .deletion, nil: .deletion
        }
    }
}
