import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';

/** What the descriptor extension adds to the library without saying so in its types. */
interface WithDescriptors {
  Root: { fromDescriptor(set: protobuf.Message): protobuf.Root };
}

/** The types of a binary FileDescriptorSet, as MCAP carries them. Throws where it is none. */
export function rootOfDescriptors(bytes: Uint8Array): protobuf.Root {
  const { Root } = protobuf as unknown as WithDescriptors;
  return Root.fromDescriptor(descriptor.FileDescriptorSet.decode(bytes));
}

/** The other way: types as a binary FileDescriptorSet. */
export function descriptorsOf(root: protobuf.Root): Uint8Array {
  const { toDescriptor } = root as unknown as { toDescriptor(syntax: string): protobuf.Message };
  return descriptor.FileDescriptorSet.encode(toDescriptor.call(root, 'proto3')).finish();
}
