/**
 * Python: read_torch_file(path) gives what torch.load(weights_only=True) would, with arrays in place of tensors. By the
 * standard library and NumPy; whatever is not on torch's list of what may be named raises.
 */
export const READ_TORCH_FILE = `
import zipfile, pickle, collections, io, numpy as np
def read_torch_file(path):
    z = zipfile.ZipFile(path)
    assert z.testzip() is None
    assert all(i.compress_type == zipfile.ZIP_STORED for i in z.infolist())
    root = z.namelist()[0].split('/')[0]
    assert z.read(root + '/version').strip() == b'3' and z.read(root + '/byteorder') == b'little'
    dtypes = {'ByteStorage': np.uint8, 'FloatStorage': np.float32, 'DoubleStorage': np.float64}
    def rebuild(storage, offset, size, stride, requires_grad, hooks):
        assert offset == 0 and requires_grad is False and isinstance(hooks, collections.OrderedDict)
        item = storage.itemsize
        return np.lib.stride_tricks.as_strided(storage, size, tuple(s * item for s in stride)).copy()
    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) == ('torch._utils', '_rebuild_tensor_v2'): return rebuild
            if module == 'torch' and name in dtypes: return dtypes[name]
            if (module, name) == ('collections', 'OrderedDict'): return collections.OrderedDict
            raise pickle.UnpicklingError(module + '.' + name)
        def persistent_load(self, given):
            kind, dtype, key, where, numel = given
            assert kind == 'storage' and where == 'cpu'
            values = np.frombuffer(z.read(root + '/data/' + key), dtype)
            assert len(values) == numel
            return values
    return Reader(io.BytesIO(z.read(root + '/data.pkl'))).load()
`;
