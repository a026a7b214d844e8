import Clinic

/// `staff.yml`: who works in the clinic, what they may operate and what else they may do.
struct StaffFile {
    static let keys = ["staff"]

    let members: [StaffMember]

    init(reading root: Section) {
        members = root.sections("staff", of: .staff, keys: Self.memberKeys).compactMap(Self.member)
    }

    private static let memberKeys = [
        "id", "name", "role", "specialty", "privileges", "dated_privileges", "licence_from", "licence_until",
        "indemnity_from", "indemnity_until", "permissions", "overrides", "email",
    ]

    /// What the rules of the clinic ask for beyond a role.
    static let permissions = [
        "CLEAR", "WAIVE", "REQUEST_REFUND", "APPROVE_REFUND", "APPROVE_BILL", "OVERRIDE", "RELEASE", "WITHDRAW_RECALL",
    ]

    private static func member(_ section: Section) -> StaffMember? {
        var section = section
        let id = section.declare(.staff, by: "id")
        let name = section.required("name", .text)
        let role: StaffMember.Role? = section.required(
            "role", .choice([.surgeon, .anesthetist, .nurse, .finance, .frontDesk, .administrator]))
        let specialty = section.optional("specialty", .code)
        let privileges = section.references("privileges", to: .procedure).map { ProcedureCode($0) }
        let permissions = section.list("permissions", .permission).map(\.value)
        let dated = section.optionalSections(
            "dated_privileges", of: "a privilege of \(section.title)",
            keys: ["procedure", "effective_from", "effective_until"]
        ).compactMap(privilege)
        let overrides = section.rules("overrides", that: "may be overridden") { $0.isOverridable }
        let licenceUntil = section.optional("licence_until", .date)
        let indemnityUntil = section.optional("indemnity_until", .date)
        let email = section.optional("email", .text)
        if role == .surgeon {
            // Without these days nobody could say that a surgeon was allowed to operate on the day.
            for key in ["licence_until", "indemnity_until"] where !section.has(key) {
                section.report("\(section.title) is a surgeon and lacks `\(key)`: a day as YYYY-MM-DD", at: "id")
            }
        } else if let role, !privileges.isEmpty || !dated.isEmpty {
            section.report(
                "\(section.title) has privileges, but a \(role.rawValue) does not operate",
                at: privileges.isEmpty ? "dated_privileges" : "privileges")
        }
        guard let id, let name, let role else { return nil }
        var member = StaffMember(
            id: StaffID(id), name: name, role: role, privileges: privileges, licenceUntil: licenceUntil,
            indemnityUntil: indemnityUntil, permissions: permissions)
        member.email = email
        member.specialty = specialty
        member.datedPrivileges = dated
        member.overrides = overrides
        member.licenceFrom = section.start("licence_from", before: licenceUntil, "licence_until")
        member.indemnityFrom = section.start("indemnity_from", before: indemnityUntil, "indemnity_until")
        return member
    }

    private static func privilege(_ section: Section) -> DatedPrivilege? {
        let procedure = section.required("procedure", .code)
        let until = section.optional("effective_until", .date)
        let from = section.start("effective_from", before: until, "effective_until")
        guard let procedure else { return nil }
        section.inspection.refer(to: .procedure, procedure, from: section.title, at: section.place(of: "procedure"))
        return DatedPrivilege(procedure: ProcedureCode(procedure), from: from, until: until)
    }
}

extension Section {
    /// The first day of a stretch of days; reported when the stretch ends before it.
    fileprivate func start(_ key: String, before end: CalendarDate?, _ endKey: String) -> CalendarDate? {
        let start = optional(key, .date)
        if let start, let end, end < start { report("`\(endKey)` of \(title) lies before `\(key)`", at: endKey) }
        return start
    }
}

extension ValueKind where Value == String {
    static let permission = ValueKind(expected: "one of \(StaffFile.permissions.joined(separator: ", "))") { text in
        StaffFile.permissions.contains(text) ? text : nil
    }
}
