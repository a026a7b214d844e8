import Clinic

/// The cases of one theater and day as its list tells them.
struct TheaterDay {
    typealias Row = TheaterListModel.Row
    typealias Change = TheaterListModel.Change

    let theater: TheaterID
    let date: CalendarDate
    let catalog: Catalog
    let state: any ClinicState

    private var zone: ZoneRules { catalog.zone }

    /// Booked, under way, done or given up, in the order of the day; postponed and cancelled ones are changes.
    func rows() throws -> [Row] {
        let day = Interval(start: zone.start(of: date), end: zone.start(of: date.adding(days: 1)))
        let listed: Set<SurgicalCase.State> = [.scheduled, .inProgress, .completed, .abandoned]
        return try state.fetch(SurgicalCase.self, where: .theater(theater, on: day))
            .compactMap { surgicalCase in surgicalCase.startsAt.map { (surgicalCase, $0) } }
            .filter { listed.contains($0.state) && zone.date(of: $1) == date }
            .sorted { ($0.1, $0.0.surgicalCase) < ($1.1, $1.0.surgicalCase) }
            .map { try row(of: $0, from: $1) }
    }

    private func row(of surgicalCase: SurgicalCase, from start: Instant) throws -> Row {
        let patient = try state.standingPatient(surgicalCase.mrn)
        let equipment =
            surgicalCase.equipment
            + surgicalCase.procedures.flatMap { procedure in
                (catalog.procedures[procedure.code]?.equipment ?? []).filter { !surgicalCase.equipment.contains($0) }
            }
        return Row(
            surgicalCase: surgicalCase.surgicalCase.rawValue, start: zone.clock(start),
            end: zone.clock(start.adding(minutes: surgicalCase.minutes)), minutes: surgicalCase.minutes,
            state: surgicalCase.state.rawValue, mrn: (patient?.mrn ?? surgicalCase.mrn).rawValue,
            name: patient?.fullName ?? "", familyName: patient?.familyName ?? "", givenName: patient?.givenName ?? "",
            birthDate: patient?.birthDate.description ?? "", age: patient.map { $0.birthDate.wholeYears(until: date) },
            sex: patient?.sex.rawValue ?? "",
            procedures: surgicalCase.procedures.map { planned in
                .init(
                    name: catalog.procedures[planned.code]?.name ?? planned.code.rawValue,
                    side: planned.side.writtenOut ?? "")
            }, surgeon: catalog.name(of: surgicalCase.surgeon),
            anesthetist: surgicalCase.anesthetist.map { catalog.name(of: $0) },
            anesthesia: surgicalCase.anesthesia.writtenOut, asaClass: surgicalCase.asaClass,
            allergies: Self.wording(ofAllergies: try state.allergies(of: surgicalCase.mrn)),
            items: try items(of: surgicalCase),
            equipment: equipment.map { catalog.name(ofEquipment: $0) }, consent: try consent(of: surgicalCase),
            clearance: try clearance(of: surgicalCase), remarks: remarks(of: surgicalCase))
    }

    /// What was said before the surgery began; what was found in it belongs to the record, not on the wall.
    private func remarks(of surgicalCase: SurgicalCase) -> [String] {
        surgicalCase.remarks.filter { remark in surgicalCase.startedAt.map { remark.at < $0 } ?? true }.map(\.text)
    }

    /// Latex first and in capitals: the theater is prepared for it before anything else.
    static func wording(ofAllergies allergies: [String]?) -> String {
        guard let allergies else { return "NOT DOCUMENTED" }
        guard !allergies.isEmpty else { return "none known" }
        let latex = allergies.filter { $0.lowercased().utf8.containsRun("latex") }
        let others = allergies.filter { !latex.contains($0) }
        return (latex.map { $0.uppercased() } + others).joined(separator: "; ")
    }

    /// What the plan takes from stock, with the lots that are kept for it.
    private func items(of surgicalCase: SurgicalCase) throws -> [String] {
        let id = "\(surgicalCase.plan)#\(surgicalCase.planVersion)"
        var needed = try state.fetch(ProcedurePlan.self, id: id)?.items ?? []
        if needed.isEmpty {
            for planned in surgicalCase.procedures {
                for item in catalog.procedures[planned.code]?.items ?? [] {
                    let sides = item.perSide && planned.side == .bilateral ? 2 : 1
                    needed.append(.init(sku: item.sku, quantity: item.quantity * sides))
                }
            }
        }
        let kept = try state.fetch(Reservation.self, where: .plan(surgicalCase.plan)).filter { $0.state != .released }
        return needed.map { item in
            let name = catalog.items[item.sku]?.name ?? item.sku.rawValue
            let lots = kept.filter { $0.sku == item.sku && !$0.lot.isEmpty }.map(\.lot)
            var seen: Set<String> = []
            let marked = lots.filter { seen.insert($0).inserted }.map { "lot \($0)" }
            return "\(item.quantity) x \(name)" + (marked.isEmpty ? "" : " (\(marked.joined(separator: ", ")))")
        }
    }

    /// The surgical consent that counts: a signed one, else the latest.
    private func consent(of surgicalCase: SurgicalCase) throws -> String {
        let all = try state.fetch(Consent.self, where: .plan(surgicalCase.plan))
            .filter { $0.purpose == .surgical }
            .sorted { ($0.issuedAt, $0.consent) < ($1.issuedAt, $1.consent) }
        guard let consent = all.last(where: { $0.state == .signed }) ?? all.last else { return "NONE" }
        guard consent.state == .signed else {
            return consent.state.isOver ? consent.state.rawValue : "NOT SIGNED (\(consent.state.rawValue))"
        }
        let signed = consent.signature(of: .patient)?.signedAt ?? consent.signedAt ?? consent.issuedAt
        let day = zone.date(of: signed)
        let isOld = day.days(until: date) > catalog.policy.consentValidDays
        return isOld ? "EXPIRED, signed \(day)" : "signed \(day)"
    }

    private func clearance(of surgicalCase: SurgicalCase) throws -> String {
        guard let clearance = try state.fetch(Clearance.self, id: surgicalCase.plan.rawValue) else {
            return "NOT CLEARED"
        }
        guard clearance.state == .cleared, let at = clearance.clearedAt else {
            return "NOT CLEARED (\(clearance.state.rawValue))"
        }
        let day = zone.date(of: at)
        let isOld = day.days(until: date) > catalog.policy.clearanceValidDays
        return isOld ? "LAPSED, cleared \(day)" : "cleared \(day)"
    }
}

extension TheaterDay {
    /// What a reader of the last version must know: cases gone, come, moved, changed; in that order.
    func changes(from old: [Row], to new: [Row]) throws -> [Change] {
        let gone = old.filter { row in !new.contains { $0.surgicalCase == row.surgicalCase } }
        let removed = try gone.map { row in
            Change(
                kind: .removed, surgicalCase: row.surgicalCase,
                text: "\(row.start) \(row.name), MRN \(row.mrn): \(try fate(of: row))")
        }
        let added = new.filter { row in !old.contains { $0.surgicalCase == row.surgicalCase } }.map { row in
            Change(kind: .added, surgicalCase: row.surgicalCase, text: "\(row.start) \(row.name), MRN \(row.mrn)")
        }
        let kept = new.flatMap { row -> [Change] in
            guard let before = old.first(where: { $0.surgicalCase == row.surgicalCase }) else { return [] }
            return Self.differences(from: before, to: row)
        }
        return removed + added + kept
    }

    /// Why a case is no longer on the list.
    private func fate(of row: Row) throws -> String {
        guard let surgicalCase = try state.fetch(SurgicalCase.self, id: row.surgicalCase) else { return "gone" }
        switch surgicalCase.state {
        case .cancelled: return "cancelled"
        case .postponed: return "postponed"
        default:
            guard let theater = surgicalCase.theater, let start = surgicalCase.startsAt else { return "not booked" }
            return "moved to \(catalog.theaters[theater]?.name ?? theater.rawValue), \(zone.stamp(start))"
        }
    }

    private static func differences(from old: Row, to new: Row) -> [Change] {
        var changes: [Change] = []
        if (old.start, old.minutes) != (new.start, new.minutes) {
            changes.append(
                Change(
                    kind: .moved, surgicalCase: new.surgicalCase,
                    text: "\(new.name), MRN \(new.mrn): from \(old.start) (\(old.minutes) min) "
                        + "to \(new.start) (\(new.minutes) min)"))
        }
        let isSamePatient = (old.mrn, old.name, old.birthDate) == (new.mrn, new.name, new.birthDate)
        let procedures = new.procedures.map { $0.side.isEmpty ? $0.name : "\($0.name) \($0.side)" }
        let facts: [(String, Bool)] = [
            ("now \(new.state)", old.state != new.state), ("patient", !isSamePatient),
            ("procedure now \(procedures.joined(separator: " and "))", old.procedures != new.procedures),
            ("surgeon now \(new.surgeon)", old.surgeon != new.surgeon),
            ("anesthesia", (old.anesthesia, old.anesthetist ?? "") != (new.anesthesia, new.anesthetist ?? "")),
            ("ASA class", old.asaClass != new.asaClass),
            ("allergies now \(new.allergies)", old.allergies != new.allergies),
            ("items", old.items != new.items), ("equipment", old.equipment != new.equipment),
            ("consent now \(new.consent)", old.consent != new.consent),
            ("clearance now \(new.clearance)", old.clearance != new.clearance),
            ("remarks", old.remarks != new.remarks),
        ]
        let names = facts.filter(\.1).map(\.0)
        if !names.isEmpty {
            changes.append(
                Change(
                    kind: .changed, surgicalCase: new.surgicalCase,
                    text: "\(new.start) \(new.name), MRN \(new.mrn): " + names.joined(separator: ", ")))
        }
        return changes
    }
}

extension String.UTF8View {
    /// Whether the bytes of a word stand anywhere among these.
    fileprivate func containsRun(_ word: String) -> Bool {
        let (bytes, run) = (Array(self), Array(word.utf8))
        guard !run.isEmpty, bytes.count >= run.count else { return false }
        return (0...(bytes.count - run.count)).contains { bytes[$0..<($0 + run.count)].elementsEqual(run) }
    }
}
