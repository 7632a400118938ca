import { describeContract } from './contract-suite.ts';
import { handlerDoor } from './doors.ts';

describeContract(handlerDoor);
