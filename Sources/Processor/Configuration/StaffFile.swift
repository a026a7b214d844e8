import Clinic

/// `staff.yml`: who works in the clinic, what they may operate and what else they may do.
struct StaffFile {
    static let keys = ["staff"]

    let members: [StaffMember]

    init(reading root: Section) {
        members = root.sections("staff", of: .staff, keys: Self.memberKeys).compactMap(Self.member)
    }

    private static let memberKeys = [
        "id", "name", "role", "specialty", "privileges", "licence_until", "indemnity_until", "permissions", "email",
    ]

    /// What the rules of the clinic ask for beyond a role.
    static let permissions = [
        "CLEAR", "WAIVE", "REQUEST_REFUND", "APPROVE_REFUND", "APPROVE_BILL", "OVERRIDE", "RELEASE",
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
        let licenceUntil = section.optional("licence_until", .date)
        let indemnityUntil = section.optional("indemnity_until", .date)
        let email = section.optional("email", .text)
        if role == .surgeon {
            // Without these days nobody could say that a surgeon was allowed to operate on the day.
            for key in ["licence_until", "indemnity_until"] where !section.has(key) {
                section.report("\(section.title) is a surgeon and lacks `\(key)`: a day as YYYY-MM-DD", at: "id")
            }
        } else if let role, !privileges.isEmpty {
            section.report("\(section.title) has privileges, but a \(role.rawValue) does not operate", at: "privileges")
        }
        guard let id, let name, let role else { return nil }
        var member = StaffMember(
            id: StaffID(id), name: name, role: role, privileges: privileges, licenceUntil: licenceUntil,
            indemnityUntil: indemnityUntil, permissions: permissions)
        member.email = email
        member.specialty = specialty
        return member
    }
}

extension ValueKind where Value == String {
    static let permission = ValueKind(expected: "one of \(StaffFile.permissions.joined(separator: ", "))") { text in
        StaffFile.permissions.contains(text) ? text : nil
    }
}
