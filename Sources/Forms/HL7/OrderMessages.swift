import Clinic
import Drops
import HL7

/// OMG, ORM, OML: orders of procedures are plans, orders of requirements are for the pre-operative work-up.
enum OrderMessages {
    static let plan: [FieldRow] = [
        FieldRow(.plan, "ORC-2", "OBR-2", "ORC-3", "OBR-3", as: .entity),
        FieldRow(
            .procedure, "OBR-4.1", as: .computed, "with its side from OBR-45; the orders of one number are one plan"),
        FieldRow(.plannedFor, "OBR-36", "TQ1-7", "ORC-7.4", "OBR-27.4", as: .date),
        FieldRow(.details, "OBR-13", "NTE-3", as: .text),
        FieldRow(.consultation, "PV1-19", as: .extendedID),
        .observed(.anesthesia), .observed(.purpose), .observed(.authorization), .observed(.estimate),
        .observed(.currency), .observed(.quoteValidUntil), .observed(.volumeMilliliters),
        .observed(.items, isList: true), .observed(.requirements, isList: true),
    ]
    static let draftSurgeon = FieldRow(.surgeon, "ORC-12.1", "OBR-16.1", as: .text, "to draft: who orders")
    static let approver = FieldRow(.surgeon, "ORC-11.1", "ORC-12.1", as: .text, "to approve: who verifies")
    static let cancellation: [FieldRow] = [
        FieldRow(.plan, "ORC-2", "OBR-2", "ORC-3", "OBR-3", as: .entity),
        FieldRow(.reason, "ORC-16.2", "ORC-16.1", "NTE-3", as: .text),
    ]
    static let order: [FieldRow] = [
        FieldRow(.plan, "OBR-2", "ORC-2", "OBR-3", "ORC-3", as: .entity),
        FieldRow(.requirement, "OBR-4", as: .computed, "by its code or its LOINC"),
    ]

    static let maps = [
        FieldMap(
            form: .plan, messages: "OMG^O19, ORM^O01 (NW, XO, XX, RP, SC)",
            rows: plan + [draftSurgeon, approver] + PatientMessages.identity),
        FieldMap(form: .plan, messages: "OMG^O19, ORM^O01 (CA, OC, DC, OD)", rows: cancellation),
        FieldMap(form: .preOp, messages: "OML^O21, OMG^O19, ORM^O01 (NW)", rows: order + PatientMessages.identity),
    ]
}

/// One order: its ORC, even if it is that of the group before, and its OBR.
private struct Order {
    let segments: Segments
    let control: Part
    let status: Part
    let plan: String
}

extension MessageReading {
    mutating func readOrders() throws {
        var plans: [[Order]] = []
        for order in try orders() {
            let service = order.segments.part("OBR-4")
            let code = try service.component(1).text()?.trimmed ?? ""
            let isLaboratory =
                try source.type == "OML" || order.segments.part("OBR-24").raw == "LAB"
                || requirement(in: service) != nil
            if source.type != "OML", source.rules.catalog.procedures[ProcedureCode(code)] != nil {
                // The same control of the same number goes on: one plan of several procedures.
                if let last = plans.last?.last, last.plan == order.plan, last.control.raw == order.control.raw {
                    plans[plans.count - 1].append(order)
                } else {
                    plans.append([order])
                }
            } else if isLaboratory {
                try readLaboratoryOrder(order)
            } else {
                refuseUnsupported(
                    "OBR-4 is neither one of the clinic's procedures nor of its requirements", at: service)
            }
        }
        for orders in plans { try readPlan(orders) }
    }

    private func orders() throws -> [Order] {
        var control = source.message.part("ORC-1")
        var status = source.message.part("ORC-5")
        var number = ""
        return try source.message.segments.groups("ORC", "OBR").compactMap { group in
            if group["ORC"] != nil {
                (control, status, number) = (group.part("ORC-1"), group.part("ORC-5"), "")
            }
            for path in ["ORC-2", "OBR-2", "ORC-3", "OBR-3"] where number.isEmpty {
                number = try source.text(group.part(path), as: .entity) ?? ""
            }
            // A prior result comes along for information.
            return control.raw == "PR" ? nil : Order(segments: group, control: control, status: status, plan: number)
        }
    }

    private mutating func readPlan(_ orders: [Order]) throws {
        guard let first = orders.first else { return }
        switch (first.control.raw, first.status.raw) {
        case ("NW", _): try plan("DRAFT", orders, OrderMessages.plan + [OrderMessages.draftSurgeon], isChange: false)
        case ("XO", _), ("XX", _), ("RP", _):
            try plan("REVISE", orders, OrderMessages.plan + [OrderMessages.draftSurgeon], isChange: true)
        case ("SC", "IP"):
            try plan("APPROVE", orders, [OrderMessages.plan[0], OrderMessages.approver], isChange: true)
        case ("SC", _): hasNoEffect = true
        case ("CA", _), ("OC", _), ("DC", _), ("OD", _):
            try plan("CANCEL", orders, OrderMessages.cancellation, isChange: true)
        default: refuseUnsupported("this order control is not taken", at: first.control)
        }
    }

    private mutating func plan(_ action: String, _ orders: [Order], _ rows: [FieldRow], isChange: Bool) throws {
        guard let first = orders.first else { return }
        var draft = FormDraft(.plan, action, at: first.control, from: source, isChange: isChange)
        try draft.refer(to: ["ORC-2", "ORC-3", "OBR-2", "OBR-3"].map { first.segments.part($0) })
        if rows.contains(where: { $0.field == .procedure }) {
            let procedures = try orders.map { order in
                let code = try order.segments.part("OBR-4.1").text()?.asListItem ?? ""
                let side = try source.text(order.segments.part("OBR-45"), as: .side)
                return side.map { "\(code):\($0)" } ?? code
            }
            draft.set(.procedure, procedures.joined(separator: ";"), at: first.segments.part("OBR-4.1"))
        }
        try draft.copy(rows, from: first.segments)
        try draft.copy(rows, from: source.message.segments.before("ORC", "OBR"))
        try draft.identify(by: source.message.segments)
        add(draft)
    }

    private mutating func readLaboratoryOrder(_ order: Order) throws {
        guard ["NW", ""].contains(order.control.raw) else {
            return refuseUnsupported("of orders for the laboratory only new ones are taken", at: order.control)
        }
        var draft = FormDraft(.preOp, "ORDER", at: order.control, from: source)
        try draft.refer(to: ["ORC-2", "ORC-3", "OBR-2", "OBR-3"].map { order.segments.part($0) })
        let service = order.segments.part("OBR-4")
        let code = try requirement(in: service) ?? service.component(1).text()?.trimmed
        draft.set(.requirement, code, at: service.component(1))
        try draft.copy(OrderMessages.order, from: order.segments)
        try draft.identify(by: source.message.segments)
        add(draft)
    }

    /// The requirement that a code names, by itself or by its LOINC; CWE has a second coding from component 4.
    func requirement(in coded: Part) throws -> String? {
        let requirements = source.rules.catalog.requirements
        for number in [1, 4] {
            guard let code = try coded.component(number).text()?.trimmed, !code.isEmpty else { continue }
            if requirements[RequirementCode(code)] != nil { return code }
            if let named = requirements.values.filter({ $0.loinc == code }).map(\.code).min() { return named.rawValue }
        }
        return nil
    }
}
