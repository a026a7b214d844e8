/// Accounts of the portal: opened at registration, used after the e-mail is confirmed.
extension Pathway {
    /// Opens an account; without an e-mail there is none.
    ///
    /// One that waits for its e-mail to be confirmed moves to another e-mail with a new token. One in use keeps its
    /// user name: whoever can change a patient's contact cannot take over their access.
    func openAccount(
        for patient: Patient, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard let email = patient.email?.lowercased() else { return }
        let present = try state.fetch(PatientAccount.self, id: patient.mrn.rawValue)
        guard present == nil || present?.state == .pendingVerification else { return }
        let others = try state.fetch(PatientAccount.self, where: .email(email)).filter {
            $0.mrn != patient.mrn && $0.state != .closed
        }
        guard others.isEmpty else {
            return ruling.warn(
                .PatientRules.emailTaken, [.email], "the e-mail is the user name of another account; none was opened",
                mend: "give an e-mail of the patient's own", aside: "the account of \(others[0].mrn)")
        }
        let token = seals.token("verify-email", try state.next(.token))
        let known = try state.fetch(Credential.self, id: patient.mrn.rawValue)
        let passwordHash = command.passwordHash ?? known?.passwordHash
        let credential = Credential(
            mrn: patient.mrn, passwordHash: passwordHash, tokenSHA256: seals.sha256(Array(token.utf8)),
            tokenExpiresAt: command.now.adding(minutes: policy.tokenValidHours * 60))
        let account = PatientAccount(mrn: patient.mrn, email: email, openedAt: command.effectiveAt)
        ruling.record(
            Event(
                "account.opened", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [account, credential], note: passwordHash == nil ? "invitation" : nil, secret: token))
    }

    /// The e-mail was not the patient's: the token that was mailed to it opens nothing any more.
    func withdrawToken(of patient: Patient, _ command: Command, in state: any ClinicState, into ruling: inout Ruling)
        throws
    {
        guard let account = try state.fetch(PatientAccount.self, id: patient.mrn.rawValue),
            account.state == .pendingVerification,
            var credential = try state.fetch(Credential.self, id: patient.mrn.rawValue), credential.tokenSHA256 != nil
        else { return }
        credential.tokenSHA256 = nil
        credential.tokenExpiresAt = nil
        ruling.record(
            Event(
                "account.token-withdrawn", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [credential]))
    }

    /// The patient proves that the e-mail is theirs by the token that was mailed to it.
    func verifyEmail(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let patient = try identifyPatient(command, in: state, into: &ruling),
            let token = command.text(.token)
        else { return }
        guard var account = try state.fetch(PatientAccount.self, id: patient.mrn.rawValue),
            var credential = try state.fetch(Credential.self, id: patient.mrn.rawValue),
            account.state == .pendingVerification,
            credential.tokenSHA256 == seals.sha256(Array(token.utf8))
        else {
            return ruling.refuse(
                .PatientRules.tokenInvalid, [.token], "the token is not the one that was mailed",
                mend: "use the link of the newest mail, or ask for another", aside: "\(patient.mrn)")
        }
        if let end = credential.tokenExpiresAt, command.effectiveAt >= end {
            return ruling.refuse(
                .PatientRules.tokenExpired, [.token],
                "the token was mailed more than \(policy.tokenValidHours) hours ago",
                mend: "ask for another mail", aside: "it ended \(end)")
        }
        account.state = .active
        account.verifiedAt = command.effectiveAt
        credential.tokenSHA256 = nil
        credential.tokenExpiresAt = nil
        credential.passwordHash = command.passwordHash ?? credential.passwordHash
        ruling.record(
            Event(
                "account.verified", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [account, credential]))
    }
}
