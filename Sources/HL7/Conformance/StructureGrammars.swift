/// The structures of messages, in the notation of the standard (HL7 v2.5.1 and v2.8.2).
///
/// `[ ]` is optional, `{ }` repeats, `< | >` is one of several, `NAME( )` is a group. Into a group marked `?` leads only
/// what comes before its first required part: the results of `PRIOR_RESULT` would swallow the next order otherwise.
enum StructureGrammars {
    /// As of 2.5.1, for that and earlier versions; what has no other form in `since26` holds for all.
    static let base = """
        ADT_A01 MSH [{SFT}] EVN PID [PD1] [{ROL}] [{NK1}] PV1 [PV2] [{ROL}] [{DB1}] [{OBX}] [{AL1}] [{DG1}]
          [DRG] [{PROCEDURE(PR1 [{ROL}])}] [{GT1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{ROL}])}] [ACC] [UB1] [UB2]
          [PDA]
        ADT_A05 MSH [{SFT}] EVN PID [PD1] [{ROL}] [{NK1}] PV1 [PV2] [{ROL}] [{DB1}] [{OBX}] [{AL1}] [{DG1}]
          [DRG] [{PROCEDURE(PR1 [{ROL}])}] [{GT1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{ROL}])}] [ACC] [UB1] [UB2]
        ADT_A18 MSH [{SFT}] EVN PID [PD1] MRG PV1
        ADT_A30 MSH [{SFT}] EVN PID [PD1] MRG
        ADT_A39 MSH [{SFT}] EVN {PATIENT(PID [PD1] MRG [PV1])}
        ADT_A60 MSH [{SFT}] EVN PID [PV1] [PV2] [{IAM}]
        SIU_S12 MSH SCH [{TQ1}] [{NTE}] [{PATIENT(PID [PD1] [PV1] [PV2] [{OBX}] [{DG1}])}] {RESOURCES(RGS
          [{SERVICE(AIS [{NTE}])}] [{GENERAL_RESOURCE(AIG [{NTE}])}] [{LOCATION_RESOURCE(AIL [{NTE}])}]
          [{PERSONNEL_RESOURCE(AIP [{NTE}])}])}
        MDM_T01 MSH [{SFT}] EVN PID PV1 [{COMMON_ORDER(ORC [{TIMING(TQ1 [{TQ2}])}] OBR [{NTE}])}] TXA [{CON}]
        MDM_T02 MSH [{SFT}] EVN PID PV1 [{COMMON_ORDER(ORC [{TIMING(TQ1 [{TQ2}])}] OBR [{NTE}])}] TXA [{CON}]
          {OBSERVATION(OBX [{NTE}])}
        ORU_R01 MSH [{SFT}] {PATIENT_RESULT([PATIENT(PID [PD1] [{NTE}] [{NK1}] [VISIT(PV1 [PV2])])]
          {ORDER_OBSERVATION([ORC] OBR [{NTE}] [{TIMING_QTY(TQ1 [{TQ2}])}] [CTD] [{OBSERVATION(OBX [{NTE}])}]
          [{FT1}] [{CTI}] [{SPECIMEN(SPM [{OBX}])}])})} [DSC]
        ORM_O01 MSH [{NTE}] [PATIENT(PID [PD1] [{NTE}] [PATIENT_VISIT(PV1 [PV2])] [{INSURANCE(IN1 [IN2] [IN3])}]
          [GT1] [{AL1}])] {ORDER(ORC [ORDER_DETAIL(<OBR|RQD|RQ1|RXO|ODS|ODT> [{NTE}] [CTD] [{DG1}]
          [{OBSERVATION(OBX [{NTE}])}])] [{FT1}] [{CTI}] [BLG])}
        OMG_O19 MSH [{SFT}] [{NTE}] [PATIENT(PID [PD1] [{NTE}] [{NK1}] [PATIENT_VISIT(PV1 [PV2])]
          [{INSURANCE(IN1 [IN2] [IN3])}] [GT1] [{AL1}])] {ORDER(ORC [{TIMING(TQ1 [{TQ2}])}] OBR [{NTE}] [CTD]
          [{DG1}] [{OBSERVATION(OBX [{NTE}])}] [{SPECIMEN(SPM [{OBX}] [{CONTAINER(SAC [{OBX}])}])}]
          [{PRIOR_RESULT?([PATIENT_PRIOR(PID [PD1])] [PATIENT_VISIT_PRIOR(PV1 [PV2])] [{AL1}] {ORDER_PRIOR([ORC]
          OBR [{TIMING_PRIOR(TQ1 [{TQ2}])}] [{NTE}] [CTD] {OBSERVATION_PRIOR(OBX [{NTE}])})})}] [{FT1}] [{CTI}]
          [BLG])}
        OML_O21 MSH [{SFT}] [{NTE}] [PATIENT(PID [PD1] [{NTE}] [{NK1}] [PATIENT_VISIT(PV1 [PV2])]
          [{INSURANCE(IN1 [IN2] [IN3])}] [GT1] [{AL1}])] {ORDER(ORC [{TIMING(TQ1 [{TQ2}])}]
          [OBSERVATION_REQUEST(OBR [TCD] [{NTE}] [CTD] [{DG1}] [{OBSERVATION(OBX [TCD] [{NTE}])}] [{SPECIMEN(SPM
          [{OBX}] [{CONTAINER(SAC [{OBX}])}])}] [{PRIOR_RESULT?([PATIENT_PRIOR(PID [PD1])]
          [PATIENT_VISIT_PRIOR(PV1 [PV2])] [{AL1}] {ORDER_PRIOR([ORC] OBR [{NTE}] [{TIMING_PRIOR(TQ1 [{TQ2}])}]
          {OBSERVATION_PRIOR(OBX [{NTE}])})})}])] [{FT1}] [{CTI}] [BLG])}
        INU_U05 MSH [{SFT}] EQU {INV} [ROL]
        DFT_P03 MSH [{SFT}] EVN PID [PD1] [{ROL}] [PV1] [PV2] [{ROL}] [{DB1}] [{COMMON_ORDER([ORC]
          [{TIMING_QUANTITY(TQ1 [{TQ2}])}] [ORDER(OBR [{NTE}])] [{OBSERVATION(OBX [{NTE}])}])}] {FINANCIAL(FT1
          [NTE] [{FINANCIAL_PROCEDURE(PR1 [{ROL}])}] [{FINANCIAL_COMMON_ORDER([ORC]
          [{FINANCIAL_TIMING_QUANTITY(TQ1 [{TQ2}])}] [FINANCIAL_ORDER(OBR [{NTE}])] [{FINANCIAL_OBSERVATION(OBX
          [{NTE}])}])}])} [{DG1}] [DRG] [{GT1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{ROL}])}] [ACC]
        DFT_P11 MSH [{SFT}] EVN PID [PD1] [{ROL}] [PV1] [PV2] [{ROL}] [{DB1}] [{COMMON_ORDER([ORC]
          [{TIMING_QUANTITY(TQ1 [{TQ2}])}] [ORDER(OBR [{NTE}])] [{OBSERVATION(OBX [{NTE}])}])}] [{DG1}] [DRG]
          [{GT1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{ROL}])}] [ACC] {FINANCIAL(FT1 [{FINANCIAL_PROCEDURE(PR1
          [{ROL}])}] [{FINANCIAL_COMMON_ORDER([ORC] [{FINANCIAL_TIMING_QUANTITY(TQ1 [{TQ2}])}]
          [FINANCIAL_ORDER(OBR [{NTE}])] [{FINANCIAL_OBSERVATION(OBX [{NTE}])}])}] [{DG1}] [DRG] [{GT1}]
          [{FINANCIAL_INSURANCE(IN1 [IN2] [{IN3}] [{ROL}])}])}
        BAR_P01 MSH [{SFT}] EVN PID [PD1] [{ROL}] {VISIT([PV1] [PV2] [{ROL}] [{DB1}] [{OBX}] [{AL1}] [{DG1}]
          [DRG] [{PROCEDURE(PR1 [{ROL}])}] [{GT1}] [{NK1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{ROL}])}] [ACC] [UB1]
          [UB2])}
        ACK MSH [{SFT}] MSA [{ERR}]
        """

    /// As of 2.6 and later.
    static let since26 = """
        ADT_A01 MSH [{SFT}] [UAC] EVN PID [PD1] [{ARV}] [{ROL}] [{NK1}] PV1 [PV2] [{ARV}] [{ROL}] [{DB1}]
          [{OBX}] [{AL1}] [{DG1}] [DRG] [{PROCEDURE(PR1 [{ROL}])}] [{GT1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{ROL}]
          [{AUT}] [{RF1}])}] [ACC] [UB1] [UB2] [PDA]
        ADT_A05 MSH [{SFT}] [UAC] EVN PID [PD1] [{ARV}] [{ROL}] [{NK1}] PV1 [PV2] [{ARV}] [{ROL}] [{DB1}]
          [{OBX}] [{AL1}] [{DG1}] [DRG] [{PROCEDURE(PR1 [{ROL}])}] [{GT1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{ROL}]
          [{AUT}] [{RF1}])}] [ACC] [UB1] [UB2]
        ADT_A39 MSH [{SFT}] [UAC] EVN {PATIENT(PID [PD1] MRG [PV1])}
        ADT_A60 MSH [{SFT}] [UAC] EVN PID [{ARV}] [VISIT(PV1 [PV2] [{ARV}])] [{ADVERSE_REACTION_GROUP(IAM
          [{NTE}] [{IAR}])}]
        MDM_T01 MSH [{SFT}] [UAC] EVN PID PV1 [{COMMON_ORDER(ORC [{TIMING(TQ1 [{TQ2}])}] OBR [{NTE}])}] TXA
          [{CON}]
        MDM_T02 MSH [{SFT}] [UAC] EVN PID PV1 [{COMMON_ORDER(ORC [{TIMING(TQ1 [{TQ2}])}] OBR [{NTE}])}] TXA
          [{CON}] {OBSERVATION(OBX [{NTE}])}
        ORU_R01 MSH [{SFT}] [UAC] {PATIENT_RESULT([PATIENT(PID [PD1] [{PRT}] [{NTE}] [{NK1}] [{ARV}]
          [{PATIENT_OBSERVATION(OBX [{PRT}])}] [VISIT(PV1 [PV2] [{PRT}])])] {ORDER_OBSERVATION([COMMON_ORDER(ORC
          [{PRT}] [ORDER_DOCUMENT(OBX [{PRT}] TXA)])] OBR [{NTE}] [{PRT}] [{TIMING_QTY(TQ1 [{TQ2}])}] [CTD]
          [{OBSERVATION(OBX [{PRT}] [{NTE}])}] [{FT1}] [{CTI}] [{SPECIMEN(SPM [{SPECIMEN_OBSERVATION(OBX
          [{PRT}])}])}])})} [DSC]
        OMG_O19 MSH [{SFT}] [UAC] [{NTE}] [PATIENT(PID [PD1] [{PRT}] [{NTE}] [{NK1}] [{ARV}] [PATIENT_VISIT(PV1
          [PV2] [{PRT}])] [{INSURANCE(IN1 [IN2] [IN3])}] [GT1] [{AL1}])] {ORDER(ORC [{PRT}] [{TIMING(TQ1
          [{TQ2}])}] OBR [{NTE}] [{PRT}] [CTD] [{DG1}] [{OBSERVATION(OBX [{PRT}] [{NTE}])}] [{SPECIMEN(SPM
          [{SPECIMEN_OBSERVATION(OBX [{PRT}])}] [{CONTAINER(SAC [{CONTAINER_OBSERVATION(OBX [{PRT}])}])}])}]
          [SGH] [{PRIOR_RESULT?([PATIENT_PRIOR(PID [PD1] [{ARV}] [{PRT}])] [PATIENT_VISIT_PRIOR(PV1 [PV2]
          [{PRT}])] [{AL1}] {ORDER_PRIOR(ORC [{PRT}] OBR [{TIMING_PRIOR(TQ1 [{TQ2}])}] [{NTE}] [{PRT}] [CTD]
          {OBSERVATION_PRIOR(OBX [{PRT}] [{NTE}])})})}] [SGT] [{FT1}] [{CTI}] [BLG])}
        OML_O21 MSH [{SFT}] [UAC] [{NTE}] [PATIENT(PID [PD1] [{PRT}] [{NTE}] [{NK1}] [{ARV}] [PATIENT_VISIT(PV1
          [PV2] [{PRT}])] [{INSURANCE(IN1 [IN2] [IN3])}] [GT1] [{AL1}])] {ORDER(ORC [{PRT}] [{TIMING(TQ1
          [{TQ2}])}] [OBSERVATION_REQUEST(OBR [TCD] [{NTE}] [{PRT}] [CTD] [{DG1}] [{OBSERVATION(OBX [{PRT}]
          [TCD] [{NTE}])}] [{SPECIMEN(SPM [{SPECIMEN_OBSERVATION(OBX [{PRT}])}] [{CONTAINER(SAC
          [{CONTAINER_OBSERVATION(OBX [{PRT}])}])}])}] [SGH] [{PRIOR_RESULT?([PATIENT_PRIOR(PID [PD1] [{PRT}]
          [{ARV}])] [PATIENT_VISIT_PRIOR(PV1 [PV2] [{PRT}])] [{AL1}] {ORDER_PRIOR(ORC [{PRT}] OBR [{NTE}]
          [{PRT}] [{TIMING_PRIOR(TQ1 [{TQ2}])}] {OBSERVATION_PRIOR(OBX [{PRT}] [{NTE}])})})}] [SGT])] [{FT1}]
          [{CTI}] [BLG])}
        INU_U05 MSH [{SFT}] [UAC] EQU {INV}
        DFT_P03 MSH [{SFT}] [UAC] EVN PID [PD1] [{PRT}] [{ROL}] [PV1] [VISIT(PV2 [{PRT}] [{ROL}])] [{DB1}]
          [{COMMON_ORDER([ORC] [{TIMING_QUANTITY(TQ1 [{TQ2}])}] [ORDER(OBR [{NTE}])] [{OBSERVATION(OBX
          [{NTE}])}])}] {FINANCIAL(FT1 [{PRT}] [{ROL}] [NTE] [{FINANCIAL_PROCEDURE(PR1 [{PRT}] [{ROL}])}]
          [{FINANCIAL_COMMON_ORDER([ORC] [{FINANCIAL_TIMING_QUANTITY(TQ1 [{TQ2}])}] [FINANCIAL_ORDER(OBR
          [{NTE}])] [{FINANCIAL_OBSERVATION(OBX [{NTE}])}])}])} [{DG1}] [DRG] [{GT1}] [{INSURANCE(IN1 [IN2]
          [{IN3}] [{PRT}] [{ROL}])}] [ACC]
        DFT_P11 MSH [{SFT}] [UAC] EVN PID [PD1] [{PRT}] [{ROL}] [PV1] [VISIT(PV2 [{PRT}] [{ROL}])] [{DB1}]
          [{COMMON_ORDER([ORC] [{TIMING_QUANTITY(TQ1 [{TQ2}])}] [ORDER(OBR [{NTE}])] [{OBSERVATION(OBX
          [{NTE}])}])}] [{DG1}] [DRG] [{GT1}] [{INSURANCE(IN1 [IN2] [{IN3}] [{PRT}] [{ROL}])}] [ACC]
          {FINANCIAL(FT1 [{FINANCIAL_PROCEDURE(PR1 [{PRT}] [{ROL}])}] [{FINANCIAL_COMMON_ORDER([ORC]
          [{FINANCIAL_TIMING_QUANTITY(TQ1 [{TQ2}])}] [FINANCIAL_ORDER(OBR [{NTE}])] [{FINANCIAL_OBSERVATION(OBX
          [{NTE}])}])}] [{DG1}] [DRG] [{GT1}] [{FINANCIAL_INSURANCE(IN1 [IN2] [{IN3}] [{PRT}] [{ROL}])}])}
        BAR_P01 MSH [{SFT}] [UAC] EVN PID [PD1] [{PRT}] [{ROL}] {VISIT([PV1] [PV2] [{PRT}] [{ROL}] [{DB1}]
          [{OBX}] [{AL1}] [{DG1}] [DRG] [{PROCEDURE(PR1 [{PRT}] [{ROL}])}] [{GT1}] [{NK1}] [{INSURANCE(IN1 [IN2]
          [{IN3}] [{PRT}] [{ROL}])}] [ACC] [UB1] [UB2])}
        ACK MSH [{SFT}] [UAC] MSA [{ERR}]
        """
}
