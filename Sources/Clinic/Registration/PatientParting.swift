/// Two records that were merged in error, taken apart: each gets back what was told under its own number.
///
/// What a merged record was told changed the one that it led to; there it is taken back. Of allergies and the rest of
/// the history nothing is lost: what either was told while merged stays with both until somebody has looked.
struct Parting {
    /// The record taken out.
    private(set) var parted: Patient
    /// Those that it led to, the nearest first.
    private(set) var above: [Patient]
    /// What both now keep.
    private(set) var united: [Field] = []
    /// What was told under the number that stays, and stays with it.
    private(set) var kept: [Field] = []

    /// `staying` are, for each record above, those merged into it.
    init(of record: Patient, from above: [Patient], staying: [[Patient]]) {
        parted = record
        self.above = above
        parted.standing = record.standing
        parted.mergedInto = nil
        parted.state = record.standing
        parted.stateBeforeMerge = nil
        var below: Patient?
        for index in above.indices {
            // The one below on the way stays merged, with what it has now.
            let others = staying[index].filter { $0.mrn != (below ?? record).mrn } + [below].compactMap(\.self)
            self.above[index].takeBack(from: record, besides: others)
            below = self.above[index]
        }
        unite(.allergies, \.allergies, of: record, above)
        unite(.medications, \.medications, of: record, above)
        unite(.conditions, \.conditions, of: record, above)
        unite(.previousSurgeries, \.previousSurgeries, of: record, above)
        for (mine, image) in zip(above, above.map { self.image(of: $0) }) {
            kept += mine.itself.differences(from: image).filter { !kept.contains($0) && !united.contains($0) }
        }
    }

    /// A record as the merge found it; one that came to stand above only later, as its own number tells it.
    private func image(of record: Patient) -> Patient {
        parted.lastMerge?.images.first { $0.mrn == record.mrn } ?? record.itself
    }

    private mutating func unite(
        _ field: Field, _ path: WritableKeyPath<Patient, [String]?>, of record: Patient, _ before: [Patient]
    ) {
        let all = [record] + before
        guard all.contains(where: { $0[keyPath: path] != image(of: $0)[keyPath: path] }) else { return }
        var known: [String] = []
        for item in all.flatMap({ [image(of: $0), $0.itself, $0] }).flatMap({ $0[keyPath: path] ?? [] })
        where !known.contains(where: { Spelling.isSame($0, item) }) {
            known.append(item)
        }
        guard !known.isEmpty else { return }
        united.append(field)
        parted.hear(underOwnNumber: true) { $0[keyPath: path] = known }
        for index in above.indices { above[index].hear(underOwnNumber: true) { $0[keyPath: path] = known } }
    }
}

extension Pathway {
    /// A record and those that it leads to through any merges, the nearest first.
    func records(from record: Patient, in state: any ClinicState) throws -> [Patient] {
        var path = [record]
        while let next = path[path.count - 1].mergedInto, !path.contains(where: { $0.mrn == next }),
            let above = try state.fetch(Patient.self, id: next.rawValue)
        {
            path.append(above)
        }
        return path
    }

    /// Names what cannot be taken apart, for somebody to look at.
    func warn(of parting: Parting, in state: any ClinicState, into ruling: inout Ruling) throws {
        let rows =
            try parting.parted.lastMerge.map { try self.rows(of: parting.above.map(\.mrn), since: $0.at, in: state) }
            ?? []
        let parts = [
            parting.united.isEmpty ? nil : "both records keep all that either was told of \(words(parting.united))",
            parting.kept.isEmpty
                ? nil : "the record that stays keeps what its number was told of \(words(parting.kept))",
            rows.isEmpty ? nil : "plans, consents or cases were made under the number that stays",
        ].compactMap(\.self)
        guard !parts.isEmpty else { return }
        let numbers = ([parting.parted] + parting.above).map(\.mrn.rawValue).joined(separator: ", ")
        ruling.warn(
            .PatientRules.toldWhileMerged, [.mrn, .intoMRN],
            "while the records were merged more was told than can be taken apart: " + parts.joined(separator: "; "),
            mend: "look at both records with the patients, and UPDATE each to what is true of it",
            aside: numbers + (rows.isEmpty ? "" : "; made meanwhile: " + rows.joined(separator: ", ")))
    }

    private func words(_ fields: [Field]) -> String { fields.map(\.description).joined(separator: ", ") }

    /// What was begun under numbers since an instant.
    private func rows(of numbers: [MRN], since instant: Instant, in state: any ClinicState) throws -> [String] {
        try numbers.flatMap { number in
            try state.fetch(ProcedurePlan.self, where: .patient(number)).filter { $0.draftedAt >= instant }
                .map { "plan \($0.plan) version \($0.version)" }
                + state.fetch(Consent.self, where: .patient(number)).filter { $0.issuedAt >= instant }
                .map { "consent \($0.consent)" }
                + state.fetch(SurgicalCase.self, where: .patient(number)).filter { $0.createdAt >= instant }
                .map { "case \($0.surgicalCase)" }
        }
    }
}

extension ClinicState {
    /// The records that bear any of the numbers by themselves, not because a record merged into them does.
    func owners(of identifiers: [String]) throws -> [Patient] {
        try identifiers.flatMap { identifier in
            try fetch(Patient.self, where: .identifier(identifier)).filter {
                $0.itself.matches(.identifier(identifier))
            }
        }
    }
}

extension Patient {
    /// The state that it has, or had when it was merged.
    var standing: State {
        get { state == .merged ? stateBeforeMerge ?? .active : state }
        set { if state == .merged { stateBeforeMerge = newValue } else { state = newValue } }
    }

    /// The record alone, to be kept within another.
    package var image: Patient {
        var image = self
        image.lastMerge = nil
        image.asToldItself = []
        return image
    }

    /// As its own number tells it, whatever came under the numbers merged into it.
    var itself: Patient { asToldItself.first ?? image }

    /// Takes a change over, and remembers what it was without when it came under a number merged into it.
    mutating func hear(underOwnNumber isOwn: Bool, _ change: (inout Patient) -> Void) {
        if isOwn {
            for index in asToldItself.indices { change(&asToldItself[index]) }
        } else if asToldItself.isEmpty {
            asToldItself = [image]
        }
        change(&self)
    }

    /// Takes back what only a record was told that was merged into it; others may still be.
    fileprivate mutating func takeBack(from parted: Patient, besides others: [Patient]) {
        guard let own = asToldItself.first else { return }
        if others.isEmpty {
            let kept = self
            self = own
            (state, mergedInto, stateBeforeMerge) = (kept.state, kept.mergedInto, kept.stateBeforeMerge)
            lastMerge = kept.lastMerge
            standing = own.standing
            return
        }
        giveBack(\.givenName, own, parted, others)
        giveBack(\.familyName, own, parted, others)
        giveBack(\.middleName, own, parted, others)
        giveBack(\.preferredName, own, parted, others)
        giveBack(\.birthDate, own, parted, others)
        giveBack(\.sex, own, parted, others)
        giveBack(\.email, own, parted, others)
        giveBack(\.phone, own, parted, others)
        giveBack(\.address, own, parted, others)
        giveBack(\.city, own, parted, others)
        giveBack(\.region, own, parted, others)
        giveBack(\.postalCode, own, parted, others)
        giveBack(\.country, own, parted, others)
        giveBack(\.nationalID, own, parted, others)
        giveBack(\.language, own, parted, others)
        giveBack(\.occupation, own, parted, others)
        giveBack(\.referralSource, own, parted, others)
        giveBack(\.smoker, own, parted, others)
        giveBack(\.heightCentimeters, own, parted, others)
        giveBack(\.weightKilograms, own, parted, others)
        giveBack(\.emergencyContact, own, parted, others)
        giveBack(\.emergencyPhone, own, parted, others)
        giveBack(\.guardianName, own, parted, others)
        giveBack(\.guardianRelation, own, parted, others)
        giveBack(\.coverage, own, parted, others)
        giveBack(\.contactConsent, own, parted, others)
        giveBack(\.enteredBy, own, parted, others)
        giveBack(\.standing, own, parted, others)
        let foreign = parted.identifiers.filter { number in
            !([own] + others).contains { $0.matches(.identifier(number)) }
        }
        identifiers.removeAll { foreign.contains($0) }
    }

    private mutating func giveBack<Value: Equatable>(
        _ path: WritableKeyPath<Patient, Value>, _ own: Patient, _ parted: Patient, _ others: [Patient]
    ) {
        let present = self[keyPath: path]
        guard present == parted[keyPath: path], !others.contains(where: { $0[keyPath: path] == present }) else {
            return
        }
        self[keyPath: path] = own[keyPath: path]
    }

    /// The fields in which it is another than an earlier image of it.
    fileprivate func differences(from other: Patient) -> [Field] {
        let isChanged: [(Field, Bool)] = [
            (.givenName, givenName != other.givenName), (.familyName, familyName != other.familyName),
            (.middleName, middleName != other.middleName), (.preferredName, preferredName != other.preferredName),
            (.birthDate, birthDate != other.birthDate), (.sex, sex != other.sex), (.email, email != other.email),
            (.phone, phone != other.phone), (.address, address != other.address), (.city, city != other.city),
            (.region, region != other.region), (.postalCode, postalCode != other.postalCode),
            (.country, country != other.country), (.nationalID, nationalID != other.nationalID),
            (.identifiers, identifiers != other.identifiers), (.language, language != other.language),
            (.occupation, occupation != other.occupation), (.referralSource, referralSource != other.referralSource),
            (.allergies, allergies != other.allergies), (.medications, medications != other.medications),
            (.conditions, conditions != other.conditions),
            (.previousSurgeries, previousSurgeries != other.previousSurgeries), (.smoker, smoker != other.smoker),
            (.heightCentimeters, heightCentimeters != other.heightCentimeters),
            (.weightKilograms, weightKilograms != other.weightKilograms),
            (.emergencyContact, emergencyContact != other.emergencyContact),
            (.emergencyPhone, emergencyPhone != other.emergencyPhone),
            (.guardianName, guardianName != other.guardianName),
            (.guardianRelation, guardianRelation != other.guardianRelation), (.insurer, coverage != other.coverage),
            (.contactConsent, contactConsent != other.contactConsent), (.enteredBy, enteredBy != other.enteredBy),
            (Field("state"), standing != other.standing),
        ]
        return isChanged.filter(\.1).map(\.0)
    }
}
