import Clinic

/// `clinic.yml`: who the clinic is, its policy, theaters and equipment, and the sources of its inbox.
struct ClinicFile {
    static let keys = ["clinic", "profile", "policy", "theaters", "equipment", "sources", "listen"]

    let identity: ClinicIdentity?
    /// Known even where the rest of the identity is at fault, so that amounts can be read.
    let currency: Currency?
    let profile: Profile?
    let policy: Policy
    /// The policy key by key, with where each comes from.
    let settings: [PolicySetting]
    let theaters: [Theater]
    /// The movable pieces only; what is built in belongs to its theater.
    let equipment: [Equipment]
    let builtInEquipment: [Equipment]
    /// The sections of sessions that are kept for a specialty, to be compared with the staff.
    let specialtySessions: [(specialty: String, section: Section)]
    let sources: [SourceSettings]
    let listening: ListenSettings?

    init(reading root: Section) {
        let clinic = root.section("clinic", keys: Self.identityKeys)
        let currency = clinic?.required("currency", .currency)
        self.currency = currency
        identity = clinic.flatMap { Self.identity($0, currency) }
        let profile: Profile? = root.optional("profile", .choice(Profile.allCases))
        let section = root.section("policy", keys: Policy.keys)
        let policy = section.map { Policy(reading: $0, profile: profile, currency: currency) }
        self.profile = profile
        self.policy = policy ?? profile?.policy ?? Policy()
        settings = PolicySetting.all(
            of: self.policy, profile: profile, written: section, currency: currency ?? .unstated)
        let pieces = root.optionalSections("equipment", of: "equipment", keys: ["id", "name", "built_in"])
            .compactMap(Piece.init(reading:))
        equipment = pieces.filter { !$0.isBuiltIn }.map { Equipment(id: $0.id, name: $0.name) }
        builtInEquipment = pieces.filter(\.isBuiltIn).map { Equipment(id: $0.id, name: $0.name) }
        let movable = equipment.map(\.id)
        var specialties: [(String, Section)] = []
        let theaters = root.sections("theaters", of: .theater, keys: Self.theaterKeys)
            .compactMap { Self.theater($0, movable: movable, specialties: &specialties) }
        self.theaters = theaters
        specialtySessions = specialties
        for piece in pieces where piece.isBuiltIn && !theaters.contains(where: { $0.equipment.contains(piece.id) }) {
            piece.section.report("\(piece.section.title) is built into no theater", at: "id")
        }
        let sources = root.sections("sources", of: .source, keys: SourceSettings.keys)
            .compactMap(SourceSettings.init(reading:))
        let namesFrontDesk = sources.contains { $0.name == SourceSettings.frontDesk.name }
        self.sources = (namesFrontDesk ? [] : [.frontDesk]) + sources
        listening =
            root.has("listen")
            ? root.section("listen", keys: ListenSettings.keys).map { ListenSettings(reading: $0) } : nil
    }

    private static let identityKeys = [
        "name", "address", "country", "email", "phone", "tax_number", "currency", "zone",
    ]

    private static func identity(_ section: Section, _ currency: Currency?) -> ClinicIdentity? {
        let name = section.required("name", .text)
        let address = section.requiredList("address", .text)
        let country = section.required("country", .country)
        let email = section.required("email", .text)
        let phone = section.required("phone", .text)
        let taxNumber = section.required("tax_number", .text)
        let zone = section.required("zone", .zone)
        guard let name, let country, let email, let phone, let taxNumber, let currency, let zone else { return nil }
        return ClinicIdentity(
            name: name, address: address, country: country, email: email, phone: phone, taxNumber: taxNumber,
            currency: currency, zone: zone)
    }

    /// A piece of equipment as it is listed, built in or not.
    private struct Piece {
        let id: String
        let name: String
        let isBuiltIn: Bool
        let section: Section

        init?(reading section: Section) {
            var section = section
            let id = section.declare(.equipment, by: "id")
            let name = section.required("name", .text)
            isBuiltIn = section.optional("built_in", .flag) ?? false
            guard let id, let name else { return nil }
            self.id = id
            self.name = name
            self.section = section
        }
    }

    private static let theaterKeys = ["id", "name", "equipment", "weekdays", "opens_at", "closes_at", "sessions"]

    private static func theater(
        _ section: Section, movable: [String], specialties: inout [(String, Section)]
    ) -> Theater? {
        var section = section
        let id = section.declare(.theater, by: "id")
        let name = section.required("name", .text)
        let equipment = section.references("equipment", to: .equipment)
        // A piece that a theater counts as its own would not be booked, and two cases could plan on it.
        for id in equipment where movable.contains(id) {
            section.report(
                "\(section.title) names `\(id)`, which can be moved; mark it `built_in: true`, or leave it out here",
                at: "equipment")
        }
        let weekdays = section.requiredList("weekdays", .weekday)
        let opensAt = section.required("opens_at", .clock)
        let closesAt = section.required("closes_at", .closing)
        guard let id, let name, let opensAt, let closesAt else { return nil }
        if closesAt <= opensAt { section.report("\(section.title) closes before it opens", at: "closes_at") }
        var theater = Theater(
            id: TheaterID(id), name: name, equipment: equipment, weekdays: weekdays, opensAt: opensAt,
            closesAt: closesAt)
        for part in section.optionalSections("sessions", of: "a session of \(section.title)", keys: sessionKeys) {
            guard let session = session(part, of: theater) else { continue }
            theater.sessions.append(session)
            if case .specialty(let name) = session.holder { specialties.append((name, part)) }
        }
        return theater
    }

    private static let sessionKeys = ["weekdays", "starts_at", "ends_at", "surgeon", "specialty"]

    /// A session lies within its theater's hours, beside the others, and has one holder.
    private static func session(_ section: Section, of theater: Theater) -> TheaterSession? {
        let weekdays = section.requiredList("weekdays", .weekday)
        let startsAt = section.required("starts_at", .clock)
        let endsAt = section.required("ends_at", .closing)
        let surgeon = section.optional("surgeon", .code)
        let specialty = section.optional("specialty", .code)
        if let surgeon {
            section.inspection.refer(to: .staff, surgeon, from: section.title, at: section.place(of: "surgeon"))
        }
        if section.has("surgeon") == section.has("specialty") {
            section.report("\(section.title) is kept for a `surgeon` or for a `specialty`: name one", at: "surgeon")
        }
        guard let startsAt, let endsAt else { return nil }
        if endsAt <= startsAt {
            section.report("\(section.title) ends before it begins", at: "ends_at")
        } else if startsAt < theater.opensAt || endsAt > theater.closesAt
            || !weekdays.allSatisfy(theater.weekdays.contains)
        {
            section.report("\(section.title) is not within the theater's days and hours", at: "starts_at")
        }
        let isTwice = theater.sessions.contains { other in
            other.weekdays.contains(where: weekdays.contains) && startsAt < other.endsAt && other.startsAt < endsAt
        }
        if isTwice { section.report("\(section.title) overlaps another one", at: "starts_at") }
        guard let holder = surgeon.map({ .surgeon(StaffID($0)) }) ?? specialty.map(TheaterSession.Holder.specialty)
        else { return nil }
        return TheaterSession(weekdays: weekdays, startsAt: startsAt, endsAt: endsAt, holder: holder)
    }
}

extension SourceSettings {
    static let keys = [
        "name", "forms", "charset", "zone", "self_registering", "ignore", "atomic", "max_bytes", "drops_per_minute",
        "unknown_patient",
    ]

    init?(reading section: Section) {
        var section = section
        let name = section.declare(.source, by: "name", .folder)
        let forms = section.requiredList("forms", .choice(FormName.all))
        guard let name else { return nil }
        self.init(name: SourceName(name), forms: forms)
        section.set(&charset, "charset", .charset)
        section.set(&zone, "zone", .zone)
        section.set(&isSelfRegistering, "self_registering", .flag)
        if section.has("ignore") { ignoredEvents = section.list("ignore", .event).map(\.value) }
        section.set(&isAtomic, "atomic", .flag)
        section.set(&maximumBytes, "max_bytes", .number(1...(1 << 40)))
        section.set(&dropsPerMinute, "drops_per_minute", .number(1...10_000))
        section.set(&unknownPatient, "unknown_patient", .choice(UnknownPatient.allCases))
        if isSelfRegistering && !mayRegisterPatients {
            section.report("\(section.title) is self-registering but may not drop `registration`", at: "forms")
        }
    }
}
